/*
 * The clinic's chat: a custom element, <clinic-assistant>.
 *
 *   <script type="module" src="https://assistant.example/webhooks/web/widget.js"></script>
 *
 * The script adds it to the page. Its attributes, all optional:
 *
 *   data-endpoint   address of the web channel; default: the folder of this file
 *   data-lang       "en" or "el"; default: the page's language, else English
 *   data-position   "right" (default) or "left"
 *   data-open       opens the chat with the page
 *   data-phone      the clinic's phone, until the server tells it
 *
 * An element of the page with data-open-assistant opens it too.
 *
 * Custom properties for the page's `clinic-assistant` rule:
 *
 *   --clinic-accent, --clinic-on-accent   header, buttons, the visitor's messages; text on them
 *   --clinic-surface, --clinic-text       background and text; greys are mixed from them
 *   --clinic-font, --clinic-font-size, --clinic-radius
 *   --clinic-gap, --clinic-layer          distance from the window's edge; z-index
 *
 * Text needs a contrast of 4.5:1, the accent 3:1 to the surface, in light and in dark.
 */

/** @typedef {{title: string, payload: string}} Reply */
/** @typedef {{title?: string, section?: string, reviewed_on?: string, url?: string?}} Source */
/**
 * A message as the server sends it; the greeting has no `at`.
 * @typedef {{
 *   id: string, from: string, text: string, at: string, buttons?: Reply[], answer?: string?,
 *   source?: Source?, kind?: string, check?: {step: number, of: number}?
 * }} Message
 */
/**
 * What all tabs share. `chat` names the conversation in this browser, `seen` its newest message.
 * @typedef {{
 *   chat: string, token: string, seen: string, ratings: Record<string, string>, longest: number,
 *   clinic: {name: string, phone: string, emergency_number: string},
 *   greeting: {text: string, buttons: Reply[]}
 * }} Shared
 */
/** @typedef {{id: string, text: string, payload?: string, at: string}} Outgoing */
/** @typedef {typeof WORDS.en} Words */

const TAG = "clinic-assistant";
const SMALL = "(max-width: 479.98px)";
const TIME_LIMIT = 20_000;
const TYPING_AFTER = 300;
const MOST_RETRIES = 3;
const LONGEST_WAIT = 30;
const COUNTDOWN = 100;
/** Small print and buttons follow later: only the text is read out. */
const DETAILS_AFTER = 100;

// ---------------------------------------------------------------------------------------- words

const WORDS = {
  en: {
    chat: "Chat",
    panel: "Chat with the clinic’s automated assistant",
    notice: "Automated assistant, not a person",
    call: "Call",
    emergency: "Emergency",
    menu: "Menu",
    close: "Close the chat",
    cancel: "Cancel",
    newChat: "New chat",
    newChatMeans:
      "This chat stays at the clinic, but you can no longer see it or delete it from here.",
    download: "Download transcript",
    erase: "Delete my data",
    eraseMeans:
      "This chat, your health answers and your requests will be deleted. An open request is " +
      "cancelled. This cannot be undone.",
    erased: "Your data is deleted. Receipt number:",
    nothing: "Nothing of this chat is stored. For earlier ones ask the clinic.",
    messages: "Messages",
    you: "You",
    assistant: "Assistant",
    typing: "The assistant is writing",
    source: "Source",
    reviewed: "reviewed",
    newTab: "(new tab)",
    rate: "Was this helpful?",
    up: "Helpful",
    down: "Not helpful",
    thanks: "Thank you.",
    label: "Your message",
    send: "Send",
    left: "Characters left:",
    over: "Too long to send. Characters too many:",
    waiting: "Trying again soon …",
    notSent: "Not sent.",
    again: "Try again",
    unreachable: "The assistant cannot be reached now.",
    expired: "The earlier chat has expired. This is a new one.",
    offline: "You are offline. Nothing can be sent.",
    online: "You are online again.",
  },
  el: {
    chat: "Συνομιλία",
    panel: "Συνομιλία με τον αυτόματο βοηθό της κλινικής",
    notice: "Αυτόματος βοηθός, όχι άνθρωπος. Απαντά στα αγγλικά",
    call: "Κλήση",
    emergency: "Επείγον",
    menu: "Μενού",
    close: "Κλείσιμο της συνομιλίας",
    cancel: "Άκυρο",
    newChat: "Νέα συνομιλία",
    newChatMeans:
      "Η συνομιλία μένει στην κλινική, αλλά δεν θα μπορείτε να τη δείτε ή να τη διαγράψετε εδώ.",
    download: "Λήψη συνομιλίας",
    erase: "Διαγραφή δεδομένων",
    eraseMeans:
      "Διαγράφονται η συνομιλία, οι απαντήσεις για την υγεία σας και τα αιτήματά σας. Ένα " +
      "ανοιχτό αίτημα ακυρώνεται. Η διαγραφή δεν αναιρείται.",
    erased: "Τα δεδομένα σας διαγράφηκαν. Αριθμός απόδειξης:",
    nothing: "Δεν υπάρχει τίποτα από αυτή τη συνομιλία. Για παλαιότερες ρωτήστε την κλινική.",
    messages: "Μηνύματα",
    you: "Εσείς",
    assistant: "Βοηθός",
    typing: "Ο βοηθός γράφει",
    source: "Πηγή",
    reviewed: "έλεγχος",
    newTab: "(νέα καρτέλα)",
    rate: "Σας βοήθησε;",
    up: "Με βοήθησε",
    down: "Δεν με βοήθησε",
    thanks: "Ευχαριστούμε.",
    label: "Το μήνυμά σας (στα αγγλικά)",
    send: "Αποστολή",
    left: "Απομένουν χαρακτήρες:",
    over: "Πολύ μεγάλο. Περισσεύουν χαρακτήρες:",
    waiting: "Νέα προσπάθεια σε λίγο …",
    notSent: "Δεν στάλθηκε.",
    again: "Δοκιμάστε ξανά",
    unreachable: "Δεν υπάρχει τώρα σύνδεση με τον βοηθό.",
    expired: "Η προηγούμενη συνομιλία έληξε. Αυτή είναι νέα.",
    offline: "Είστε εκτός σύνδεσης. Δεν στέλνεται τίποτα.",
    online: "Είστε πάλι σε σύνδεση.",
  },
};

// ---------------------------------------------------------------------------------------- style

const STYLE = `
:host {
  all: initial;
  color-scheme: light dark;
  --_accent: var(--clinic-accent, #0b5b69);
  --_on-accent: var(--clinic-on-accent, #fff);
  --_surface: var(--clinic-surface, #fff);
  --_text: var(--clinic-text, #17242b);
  --_soft: color-mix(in srgb, var(--_text) 8%, var(--_surface));
  --_line: color-mix(in srgb, var(--_text) 55%, var(--_surface));
  --_muted: color-mix(in srgb, var(--_text) 75%, var(--_surface));
  --_alert: #fdeaea;
  --_on-alert: #7d0d0d;
  --_radius: var(--clinic-radius, 14px);
  --_gap: var(--clinic-gap, 16px);
}
@media (prefers-color-scheme: dark) {
  :host {
    --_accent: var(--clinic-accent, #1a7f91);
    --_surface: var(--clinic-surface, #121a1e);
    --_text: var(--clinic-text, #eaf1f4);
    --_alert: #4d1111;
    --_on-alert: #ffe4e1;
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.all {
  color: var(--_text);
  font: var(--clinic-font-size, 1rem)/1.45 var(--clinic-font, system-ui, sans-serif);
  overflow-wrap: anywhere;
}
p, ul, h2 { margin: 0; }
h2 { font-size: 1em; }
ul { padding-inline-start: 1.2em; }
a { color: inherit; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
bdi { white-space: nowrap; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.small { font-size: .8125em; }

button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px;
  min-width: 44px; min-height: 44px; padding: 6px 12px; margin: 0;
  border: 1px solid var(--_line); border-radius: var(--_radius);
  background: var(--_surface); color: var(--_text); font: inherit; text-align: start;
  cursor: pointer;
}
button:disabled { opacity: .6; cursor: not-allowed; }
:focus-visible { outline: 3px solid var(--_text); outline-offset: 2px; }
.main { background: var(--_accent); color: var(--_on-accent); }
.bare { padding: 6px; border-color: transparent; background: none; color: inherit; }
.tel { display: inline-flex; align-items: center; min-height: 44px; font-weight: 600; }

.launcher, .panel {
  position: fixed; z-index: var(--clinic-layer, 2147483000); inset: auto var(--_gap) var(--_gap) auto;
  box-shadow: 0 6px 22px rgb(0 0 0 / .35);
}
:host([data-position="left"]) .launcher { right: auto; left: var(--_gap); }
.launcher { min-height: 56px; padding: 8px 20px; border: 2px solid var(--_surface);
  border-radius: 28px; }
.launcher:focus-visible { box-shadow: 0 0 0 7px var(--_surface); }
dialog { padding: 0; border: 1px solid var(--_line); border-radius: var(--_radius);
  background: var(--_surface); color: inherit; }
.panel {
  flex-direction: column; overflow: hidden; margin: 0; max-width: none; max-height: none;
  width: 380px; height: min(660px, 100vh - 2 * var(--_gap));
}
.panel[open] { display: flex; }

header { position: relative; padding: 8px 6px 0 14px; background: var(--_accent);
  color: var(--_on-accent); }
header :focus-visible { outline-color: var(--_on-accent); outline-offset: -3px; }
.title { display: flex; align-items: center; }
h2 { flex: 1; }
.phones { display: flex; flex-wrap: wrap; column-gap: 12px; font-size: min(.9375em, 4vw); }
.menu { position: absolute; z-index: 1; top: 100%; right: 8px; display: grid; padding: 6px;
  background: var(--_surface); color: var(--_text); border: 1px solid var(--_line);
  border-radius: var(--_radius); box-shadow: 0 6px 18px rgb(0 0 0 / .3); }
.menu button { justify-content: start; }
.menu :focus-visible { outline-color: var(--_text); }
.banner { padding: 8px 14px; background: var(--_text); color: var(--_surface); }

.log { position: relative; flex: 1; min-height: 0; padding: 14px; overflow-y: auto;
  overscroll-behavior: contain; display: flex; flex-direction: column; gap: 10px; }
.log:focus-visible { outline-offset: -3px; }
.day { align-self: center; }
.day, .details, label { color: var(--_muted); }
.message { scroll-margin-top: 10px; display: grid; gap: 4px; max-width: 92%; align-self: start; justify-items: start; }
.visitor { align-self: end; justify-items: end; }
.bubble, .typing { padding: 9px 13px; background: var(--_soft); border: 1px solid transparent;
  border-radius: var(--_radius); }
.bubble { display: grid; gap: 6px; }
.visitor .bubble { background: var(--_accent); color: var(--_on-accent); white-space: pre-wrap; }
.emergency .bubble { background: var(--_alert); color: var(--_on-alert);
  border: 2px solid; border-inline-start-width: 8px; }
.check { width: 92%; }
.check > *, .check .replies button { width: 100%; }
.check .bubble { border-color: var(--_line); background: var(--_surface); font-weight: 600; }
progress { width: 100%; accent-color: var(--_accent); }
.source a { display: inline-block; padding-block: 14px; }
.replies { display: flex; flex-wrap: wrap; gap: 8px; padding-block: 4px; font-size: 1.23em; }
.replies button { border: 2px solid var(--_accent); }
.check .replies button { min-height: 52px; font-weight: 600; }
.rating { display: flex; align-items: center; gap: 4px; }
[aria-pressed="true"] { background: var(--_accent); color: var(--_on-accent); }
.down svg { transform: rotate(180deg); }
.note, .state { display: grid; gap: 4px; justify-items: start; padding: 8px 12px;
  border: 1px dashed var(--_line); border-radius: var(--_radius); }
.state { background: var(--_alert); color: var(--_on-alert); }
.state:empty { display: none; }
.typing { align-self: start; display: flex; gap: 5px; }
i { width: 8px; height: 8px; border-radius: 50%; background: var(--_muted); }

form { display: grid; grid-template-columns: 1fr auto; gap: 4px 8px; padding: 8px 12px;
  padding-bottom: calc(10px + env(safe-area-inset-bottom, 0px));
  border-top: 1px solid var(--_line); }
label, .hint { grid-column: 1 / -1; }
textarea { min-height: 46px; max-height: 132px; padding: 10px; resize: none; font: inherit;
  color: inherit; background: var(--_surface); border: 1px solid var(--_line); border-radius: 10px; }
form button { align-self: end; }
[aria-invalid="true"] { outline: 2px solid var(--_on-alert); }

.ask { width: 340px; max-width: 92%; padding: 18px; }
.ask[open] { display: grid; gap: 12px; }

@media (min-width: 480px) {
  :host([data-position="left"]) .panel { right: auto; left: var(--_gap); }
}
@media ${SMALL} {
  .panel { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; }
}
@media (max-height: 430px) {
  header { padding-top: 0; }
  .phones { font-size: .8125em; }
}
@media (max-height: 300px) {
  .panel { overflow-y: auto; scroll-padding-top: 120px; }
  header { position: sticky; top: 0; z-index: 1; }
  .log { flex: none; min-height: 55%; overflow: visible; }
}
@media (prefers-reduced-motion: no-preference) {
  i { animation: breathe 1.2s infinite; }
  i + i { animation-delay: .2s; }
  i + i + i { animation-delay: .4s; }
  @keyframes breathe { 50% { opacity: .25; } }
}
@media (forced-colors: active) {
  .bubble, .bare { border-color: CanvasText; }
  i { background: CanvasText; }
  [aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`;

const ICONS = {
  chat: "M4 5h16v11H10l-6 4z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 7h14M5 12h14M5 17h14",
  send: "M4 4l17 8-17 8 3-8z",
  thumb: "M3 11h4v9H3zM7 12l4-9c2 0 3 1 3 3v3h6l-2 11H7",
};

// --------------------------------------------------------------------------------------- pieces

/**
 * Makes an element. What is no property of it becomes an attribute.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [given]
 * @param {(Node | string)[]} inside
 */
function make(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name in made) Reflect.set(made, name, value);
    else made.setAttribute(name, String(value));
  }
  made.append(...inside);
  return made;
}

/** @param {keyof typeof ICONS} name */
function icon(name) {
  const [drawing, path] = ["svg", "path"].map((tag) =>
    document.createElementNS("http://www.w3.org/2000/svg", tag),
  );
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

/**
 * @param {Record<string, unknown>} given
 * @param {() => void} action
 * @param {(Node | string)[]} face
 */
function button(given, action, ...face) {
  const made = make("button", { type: "button", ...given }, ...face);
  made.addEventListener("click", action);
  return made;
}

/**
 * @param {string} label
 * @param {string} phone
 */
function phoneLink(label, phone) {
  const href = `tel:${phone.replace(/[^\d+]/g, "")}`;
  return make("a", { href, className: "tel" }, `${label} ${phone}`);
}

/**
 * A link; other websites open in a new tab.
 * @param {string} href https:, tel: or mailto:
 * @param {string} text
 * @param {Words} words
 */
function link(href, text, words) {
  const made = make("a", { href, rel: "noopener" }, text);
  if (href.startsWith("https:")) {
    made.target = "_blank";
    made.append(make("span", { className: "sr" }, ` ${words.newTab}`));
  }
  return made;
}

/** What stays whole in a text: a link, a request's number. */
const WHOLE = /((?:https:\/\/|tel:|mailto:)[^\s<>"“”]*[^\s<>"“”.,;:!?'’)\]]|\bC-\w{6}\b)/;

/** @param {string} text */
const tongueOf = (text) => (/\p{Script=Greek}/u.test(text) ? "el" : "en");

/**
 * A text as paragraphs and lists, with its links.
 * @param {string} text
 * @param {Words} words
 */
function paragraphs(text, words) {
  /** @type {HTMLElement[]} */
  const made = [];
  for (const line of text.split("\n").filter((each) => each.trim())) {
    const isItem = line.startsWith("- ");
    const parts = line.slice(isItem ? 2 : 0).split(WHOLE);
    const inside = parts.map((part, place) => {
      if (place % 2 === 0) return part.replace(/(\d) (?=\d)/g, "$1\u00a0");
      return part.startsWith("C-") ? make("bdi", {}, part) : link(part, part, words);
    });
    const node = make(isItem ? "li" : "p", { lang: tongueOf(line) }, ...inside);
    if (!isItem) made.push(node);
    else if (made.at(-1)?.tagName === "UL") made.at(-1)?.append(node);
    else made.push(make("ul", {}, node));
  }
  return made;
}

/** A name that nothing else has. `randomUUID` is missing on pages without https. */
function newId() {
  return crypto.randomUUID?.() ?? crypto.getRandomValues(new Uint8Array(16)).join("-");
}

/** A part of the browser's storage; in memory where the browser gives none. */
class Drawer {
  /** @type {Map<string, any>} */
  #spare = new Map();

  /**
   * @param {"localStorage" | "sessionStorage"} area
   * @param {string} prefix
   */
  constructor(area, prefix) {
    this.area = area;
    this.prefix = prefix;
  }

  /** @param {string} key */
  read(key) {
    try {
      const kept = window[this.area].getItem(this.prefix + key);
      return this.#spare.get(key) ?? JSON.parse(kept ?? "null");
    } catch {
      return this.#spare.get(key);
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  write(key, value) {
    try {
      window[this.area].setItem(this.prefix + key, JSON.stringify(value));
      this.#spare.delete(key);
    } catch {
      this.#spare.set(key, value);
    }
  }
}

// --------------------------------------------------------------------------------------- server

/** A request that failed; status 0: without an answer. */
class Fault extends Error {
  /**
   * @param {number} status
   * @param {{message?: string, phone?: string}} [said]
   * @param {number} [wait] seconds that the server asks for
   */
  constructor(status, said, wait = 0) {
    super(said?.message);
    this.status = status;
    this.phone = said?.phone;
    this.wait = wait;
  }
}

/**
 * One request; the result is the answer's JSON.
 * @param {string} address
 * @param {string} method
 * @param {string} token
 * @param {object} [body]
 */
async function request(address, method, token, body) {
  const headers = {
    ...(body && { "Content-Type": "application/json" }),
    ...(token && { Authorization: `Bearer ${token}` }),
  };
  const signal = AbortSignal.timeout(TIME_LIMIT);
  let status = 0;
  let wait = 0;
  let answer;
  try {
    const sent = { method, headers, body: JSON.stringify(body), signal };
    const response = await fetch(address, { ...sent, credentials: "omit" });
    if (response.status === 204) return {};
    wait = Number(response.headers.get("Retry-After")) || 0;
    status = response.status;
    answer = await response.json();
    if (response.ok) return answer;
  } catch {
    if (signal.aborted) throw new Fault(408);
  }
  throw new Fault(status, answer?.error, wait);
}

/**
 * Repeats a request while the server is busy or out of reach.
 * @template T
 * @param {() => Promise<T>} attempt
 * @param {() => void} [onPause]
 */
async function patiently(attempt, onPause) {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt();
    } catch (fault) {
      const { status, wait } = /** @type {Fault} */ (fault);
      const isPassing = [429, 502, 503, 504].includes(status) || (!status && navigator.onLine);
      if (!isPassing || retries === MOST_RETRIES || wait > LONGEST_WAIT) throw fault;
      onPause?.();
      const pause = wait || 2 ** retries + Math.random() / 2;
      await new Promise((done) => setTimeout(done, pause * 1000));
    }
  }
}

// ----------------------------------------------------------------------------------------- chat

/** One chat on a page: its screen, its memory, and what it sends. */
class Chat {
  /** @type {Map<string, Message>} by id, in order, with the greeting */
  #shown = new Map();
  /** @type {Map<string, Outgoing>} what the server has not taken yet */
  #outbox = new Map();
  /** @type {Map<string, unknown>} why those of them failed that are not under way */
  #failed = new Map();
  /** @type {Map<string, HTMLElement>} the line under each of them */
  #states = new Map();
  /** @type {Promise<void>} messages go one after the other */
  #queue = Promise.resolve();
  /** whether the last message is in view, and stays there when a keyboard comes up */
  #isAtEnd = true;
  /** @type {Promise<void> | null} */
  #loading = null;
  #waiting = 0;
  #lastDay = "";
  #lastHint = "";
  #small = matchMedia(SMALL);
  end = new AbortController();

  /**
   * @param {HTMLElement} host
   * @param {ShadowRoot} root
   */
  constructor(host, root) {
    const { endpoint, lang, phone = "" } = host.dataset;
    const address = new URL(endpoint ?? ".", endpoint ? document.baseURI : import.meta.url);
    this.base = address.href.replace(/\/*$/, "/");
    const wanted = lang || document.documentElement.lang;
    this.lang = /^el\b/i.test(wanted) ? "el" : "en";
    this.words = this.lang === "el" ? WORDS.el : WORDS.en;
    this.locale = navigator.languages.find((one) => one.startsWith(this.lang)) ?? this.lang;
    this.given = { name: "", phone, emergency_number: "" };
    this.kept = new Drawer("localStorage", `${TAG} ${this.base} `);
    this.ofTab = new Drawer("sessionStorage", `${TAG} ${this.base} `);
    this.shared = this.#readShared();
    this.root = root;
    this.ui = this.#build();
    for (const item of this.ofTab.read("outbox") ?? []) {
      this.#outbox.set(item.id, item);
      this.#failed.set(item.id, null);
    }
    this.#listen();
    this.#showClinic();
    root.replaceChildren(this.ui.all);
  }

  /** The parts that stay. */
  #build() {
    const { words, lang } = this;
    const launcherIs = { className: "launcher main", "aria-label": words.panel };
    const launcher = button(launcherIs, () => this.open(), icon("chat"), words.chat);
    const menu = make("div", { className: "menu", hidden: true });
    const toggle = () => this.#toggleMenu(Boolean(menu.hidden));
    const openerIs = { className: "bare", "aria-label": words.menu, "aria-expanded": false };
    const opener = button(openerIs, toggle, icon("menu"));
    /** @type {(text: string, action: () => void) => void} */
    const addEntry = (text, action) => {
      const chosen = () => {
        this.#toggleMenu(false);
        opener.focus();
        action();
      };
      menu.append(button({ className: "bare" }, chosen, text));
    };
    addEntry(words.newChat, () => this.#newChat());
    addEntry(words.download, () => this.#download());
    addEntry(words.erase, () => this.#erase());
    const closerIs = { className: "bare", "aria-label": words.close };
    const closer = button(closerIs, () => this.close(), icon("close"));
    const name = make("h2");
    const title = make("div", { className: "title" }, name, opener, menu, closer);
    const notice = make("p", { className: "small" }, words.notice);
    const phones = make("p", { className: "phones" });
    const header = make("header", { role: "none" }, title, notice, phones);
    const banner = make("p", { className: "banner", hidden: true });
    const dots = [make("i"), make("i"), make("i")];
    const typing = make("div", { className: "typing", hidden: true, "aria-hidden": true }, ...dots);
    const logIs = { className: "log", role: "log", tabIndex: 0, "aria-live": "polite" };
    const log = make("div", { ...logIs, "aria-label": words.messages }, typing);
    const status = make("p", { className: "sr", role: "status" });
    const label = make("label", { className: "small", htmlFor: "input" }, words.label);
    const hint = make("p", { className: "hint small", id: "hint" });
    const inputIs = { id: "input", rows: 1, enterKeyHint: "send", "aria-describedby": "hint" };
    const input = make("textarea", inputIs);
    const send = make("button", { className: "main", "aria-label": words.send }, icon("send"));
    const form = make("form", {}, label, hint, input, send);
    const panel = make("dialog", { className: "panel" }, header, banner, log, status, form);
    const askIs = { role: "alertdialog", "aria-labelledby": "what", "aria-describedby": "meaning" };
    const ask = make("dialog", { className: "ask", ...askIs });
    const all = make("div", { className: "all", lang, dir: "ltr" }, launcher, panel, ask);
    const parts = { launcher, menu, opener, name, title, phones, banner, typing, log, status };
    return { ...parts, hint, input, send, form, panel, ask, all };
  }

  #listen() {
    const { panel, title, log, input, form } = this.ui;
    const { signal } = this.end;
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.#stepBack(event);
    });
    panel.addEventListener("cancel", (event) => this.#stepBack(event));
    panel.addEventListener("close", () => this.#closed());
    /** @param {Event} event */
    const leaveMenu = ({ target }) => {
      if (!title.contains(/** @type {Node} */ (target))) this.#toggleMenu(false);
    };
    panel.addEventListener("focusin", leaveMenu);
    panel.addEventListener("pointerdown", leaveMenu);
    // The page's shortcuts are not meant for what is typed here.
    for (const type of ["keydown", "keypress", "keyup"]) {
      panel.addEventListener(type, (event) => event.stopPropagation());
    }
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#onInputKey(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
      input.focus();
    });
    window.addEventListener("storage", (event) => this.#onStorage(event), { signal });
    window.addEventListener("offline", () => this.#showConnection(""), { signal });
    window.addEventListener("online", () => this.#showConnection(this.words.online), { signal });
    this.#small.addEventListener("change", () => this.#unfold(), { signal });
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("[data-open-assistant]")) this.open();
    }, { signal });
    log.addEventListener("scroll", () => {
      this.#isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
    });
    for (const type of ["resize", "scroll"]) {
      window.visualViewport?.addEventListener(type, () => this.#fit(), { signal });
    }
  }

  // Opening and closing

  /** @param {boolean} [byVisitor] else by the page: the focus stays where it is */
  open(byVisitor = true) {
    const { panel, launcher, input } = this.ui;
    if (panel.open) return;
    panel.open = true;
    launcher.hidden = true;
    this.#unfold();
    this.#setDraft(this.kept.read("draft") ?? "");
    this.#showConnection("");
    this.#start();
    if (byVisitor || this.#small.matches) input.focus();
  }

  close() {
    this.ui.panel.close();
    this.#closed();
  }

  #closed() {
    const { panel, launcher } = this.ui;
    if (panel.open || !launcher.hidden) return;
    this.#toggleMenu(false);
    launcher.hidden = false;
    launcher.focus();
  }

  /** Modal on a small screen, beside the page on a large one. */
  #unfold() {
    const { panel } = this.ui;
    if (!panel.open) return;
    const focused = this.root.activeElement;
    panel.close();
    if (this.#small.matches) panel.showModal();
    else panel.open = true;
    if (focused instanceof HTMLElement) focused.focus();
    this.#fit();
    this.#toEnd();
  }

  /** On a phone the keyboard covers part of the window: the panel keeps to the rest. */
  #fit() {
    const { style } = this.ui.panel;
    const view = window.visualViewport;
    const isFull = this.#small.matches && view && view.scale < 1.01;
    style.height = isFull ? `${view.height}px` : "";
    style.top = isFull ? `${view.offsetTop}px` : "";
    if (this.#isAtEnd) this.#toEnd();
  }

  /**
   * Closes the menu, else the chat.
   * @param {Event} event
   */
  #stepBack(event) {
    event.preventDefault();
    if (this.ui.menu.hidden) return this.close();
    this.#toggleMenu(false);
    this.ui.opener.focus();
  }

  // Menu

  /** @param {boolean} isOpen */
  #toggleMenu(isOpen) {
    this.ui.menu.hidden = !isOpen;
    this.ui.opener.setAttribute("aria-expanded", String(isOpen));
  }

  /**
   * Asks before something that cannot be undone.
   * @param {string} what
   * @param {string} meaning
   * @returns {Promise<boolean>}
   */
  #confirm(what, meaning) {
    const { ask } = this.ui;
    ask.returnValue = "";
    ask.replaceChildren(
      make("h2", { id: "what" }, what),
      make("p", { id: "meaning" }, meaning),
      button({}, () => ask.close(), this.words.cancel),
      button({ className: "main" }, () => ask.close(what), what),
    );
    ask.showModal();
    return new Promise((done) => {
      ask.addEventListener("close", () => done(ask.returnValue === what), { once: true });
    });
  }

  async #newChat() {
    const { newChat, newChatMeans } = this.words;
    if (this.#said().length && !(await this.#confirm(newChat, newChatMeans))) return;
    await this.#loading?.catch(() => {});
    this.#forget();
    this.#start();
    this.ui.input.focus();
  }

  async #erase() {
    const { erase, eraseMeans, erased, nothing } = this.words;
    try {
      await this.#ready();
      if (!this.#said().length) return this.#note(nothing);
      if (!(await this.#confirm(erase, eraseMeans))) return;
      // Never again with a new token: that would be the receipt of an empty chat.
      const receipt = await this.#ask("DELETE", "conversation");
      this.#setDraft("");
      this.#forget();
      await this.#start();
      this.#note(`${erased} ${receipt.reference}`);
      this.ui.input.focus();
    } catch (fault) {
      this.#note(...this.#reason(fault));
    }
  }

  #download() {
    const { name, phone } = this.shared.clinic;
    const parts = this.#said().map(({ at, from, text, source }) => {
      const line = source ? this.#source(source).textContent : "";
      return `${new Date(at).toLocaleString(this.locale)} ${this.#who(from)}:\n${text}\n${line}\n`;
    });
    const file = new Blob([`${name} ${phone}\n${this.words.notice}\n\n`, ...parts]);
    const href = URL.createObjectURL(file);
    make("a", { href, download: "chat.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(href), TIME_LIMIT);
  }

  /** Everything that was said; the greeting is not. */
  #said() {
    return [...this.#shown.values()].filter((message) => message.at);
  }

  // Memory

  /** @returns {Shared} */
  #readShared() {
    const empty = { chat: "", token: "", seen: "", ratings: {}, longest: 1000 };
    const greeting = { text: "", buttons: [] };
    return { ...empty, greeting, clinic: this.given, ...this.kept.read("shared") };
  }

  /** @param {Partial<Shared>} changed */
  #share(changed) {
    this.shared = { ...this.shared, ...changed };
    this.kept.write("shared", this.shared);
  }

  #keepOutbox() {
    this.ofTab.write("outbox", [...this.#outbox.values()]);
  }

  /** Leaves the conversation. */
  #forget() {
    this.#share({ chat: "", token: "", seen: "", ratings: {} });
    this.#wipe();
  }

  #wipe() {
    this.#loading = null;
    this.#outbox.clear();
    this.#keepOutbox();
    this.#clear();
  }

  /** @param {StorageEvent} event another tab wrote something */
  #onStorage({ key }) {
    if (key !== null && key !== `${this.kept.prefix}shared`) return;
    const { chat, seen } = this.shared;
    const isOpen = this.ui.panel.open;
    this.shared = this.#readShared();
    this.#showClinic();
    if (chat !== this.shared.chat) {
      this.#wipe();
      if (isOpen && this.shared.token) this.#start();
    } else if (seen !== this.shared.seen) {
      if (isOpen) this.#catchUp();
      else this.#loading = null;
    }
  }

  // Session and history

  /** Loads the chat unless it is there; a fault is shown with a way to try again. */
  async #start() {
    try {
      await this.#ready();
    } catch (fault) {
      const note = this.#note(...this.#reason(fault));
      const again = () => {
        note.remove();
        this.ui.input.focus();
        this.#start();
      };
      note.append(button({}, again, this.words.again));
      this.#toEnd();
    }
  }

  /** The session and its history, loaded once. */
  #ready() {
    const loading = (this.#loading ??= this.#load());
    loading.catch(() => (this.#loading = null));
    return loading;
  }

  async #load() {
    const done = this.#busy();
    try {
      const { token } = this.shared;
      const isKept = await patiently(() => this.#openSession(token));
      const history = isKept && (await patiently(() => this.#ask("GET", "history")));
      this.#fill(history ? history.messages : []);
      if (token && !isKept) this.#note(this.words.expired);
    } finally {
      done();
    }
  }

  /**
   * Opens a session: the conversation's of a token while it is valid, else a new one.
   * @param {string} token
   * @returns {Promise<boolean>} whether it is the same conversation
   */
  async #openSession(token) {
    try {
      const session = await request(`${this.base}session`, "POST", token, {});
      const { clinic, greeting, message_length: longest } = session;
      const fresh = token ? {} : { chat: newId(), seen: "", ratings: {} };
      this.#share({ ...fresh, token: session.token, clinic, greeting, longest });
      this.#showClinic();
      return token !== "";
    } catch (fault) {
      if (!token || /** @type {Fault} */ (fault).status !== 401) throw fault;
      return this.#openSession("");
    }
  }

  /**
   * A request with the session's token.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  #ask(method, path, body) {
    return request(this.base + path, method, this.shared.token, body);
  }

  /** Shows what was said in another tab. */
  async #catchUp() {
    try {
      const { messages } = await this.#ask("GET", "history");
      this.#showQuietly(messages);
    } catch {
      this.#loading = null; // The next opening loads everything.
    }
  }

  // Screen

  #showClinic() {
    const { name, phone, emergency_number: number } = this.shared.clinic;
    const { call, emergency, panel } = this.words;
    const links = [];
    if (phone) links.push(phoneLink(call, phone));
    if (number) links.push(phoneLink(emergency, number));
    this.ui.phones.replaceChildren(...links);
    this.ui.name.textContent = name || this.words.chat;
    this.ui.panel.setAttribute("aria-label", `${panel} ${name}`.trim());
  }

  /** @param {string} good what to say if there is a connection */
  #showConnection(good) {
    const { banner } = this.ui;
    banner.textContent = navigator.onLine ? good : this.words.offline;
    banner.hidden = !banner.textContent;
    this.#say(banner.textContent);
    if (good) setTimeout(() => this.#showConnection(""), 4000);
  }

  /** @param {string | null} text for screen readers */
  #say(text) {
    const { status } = this.ui;
    if (!text) return;
    status.textContent = "";
    setTimeout(() => (status.textContent = text), 50);
  }

  /** Shows that an answer is awaited; call the result when it has come. */
  #busy() {
    const { typing } = this.ui;
    this.#waiting++;
    const timer = setTimeout(() => {
      typing.hidden = false;
      this.#say(this.words.typing);
      this.#toEnd();
    }, TYPING_AFTER);
    return () => {
      clearTimeout(timer);
      if (--this.#waiting === 0) typing.hidden = true;
    };
  }

  #toEnd() {
    const { log, panel } = this.ui;
    log.scrollTop = log.scrollHeight;
    panel.scrollTop = panel.scrollHeight; // It scrolls as a whole in a low window.
  }

  /**
   * A remark of the widget itself.
   * @param {(Node | string)[]} inside
   */
  #note(...inside) {
    const note = make("div", { className: "note small", "aria-live": "off" }, ...inside);
    this.ui.typing.before(note);
    this.#say(note.textContent);
    this.#toEnd();
    return note;
  }

  /**
   * The server's words and phone as they come, else own words.
   * @param {unknown} fault
   */
  #reason(fault) {
    const { message = "", phone = "" } = fault instanceof Fault ? fault : {};
    const text = message || this.words.unreachable;
    const number = phone || this.shared.clinic.phone;
    const said = make("p", { lang: tongueOf(text) }, text);
    return number ? [said, phoneLink(this.words.call, number)] : [said];
  }

  #clear() {
    this.#shown.clear();
    this.#lastDay = "";
    this.ui.log.replaceChildren(this.ui.typing);
  }

  /**
   * The chat from its beginning.
   * @param {Message[]} history
   */
  #fill(history) {
    for (const { id } of history) this.#outbox.delete(id);
    this.#keepOutbox();
    this.#clear();
    const unsent = [...this.#outbox.values()].map((item) => ({ ...item, from: "visitor" }));
    const greeting = { ...this.shared.greeting, id: "greeting", from: "assistant", at: "" };
    const isNew = !history.length && !unsent.length;
    if (isNew) this.#receive([greeting]);
    else this.#showQuietly([greeting, ...history, ...unsent]);
  }

  /** @param {Message[]} messages that are not read out */
  #showQuietly(messages) {
    const { log } = this.ui;
    log.ariaLive = "off";
    const finish = messages.map((message) => this.#show(message));
    for (const each of finish) each();
    this.#toEnd();
    setTimeout(() => (log.ariaLive = "polite"), TYPING_AFTER);
  }

  /** @param {Message[]} messages new ones of the assistant, which are read out */
  #receive(messages) {
    const { log, typing } = this.ui;
    const place = log.childElementCount - 1;
    log.ariaLive = "polite";
    const finish = messages.map((message) => this.#show(message, true));
    // The beginning of what is new, if not all of it fits.
    const toStart = () => {
      this.#toEnd();
      const first = log.children[place];
      if (first && first !== typing) first.scrollIntoView();
    };
    toStart();
    setTimeout(() => {
      for (const each of finish) each();
      toStart();
    }, DETAILS_AFTER);
  }

  /**
   * Shows a message unless it is there; the result adds its buttons and small print.
   * @param {Message} message
   * @param {boolean} [isNew]
   * @returns {() => void}
   */
  #show(message, isNew = false) {
    const { id, from, text, kind = "plain" } = message;
    if (this.#shown.has(id)) return () => {};
    this.#shown.set(id, message);
    this.ui.log.querySelector(".replies")?.remove();
    this.#separateDay(message.at);
    const isVisitor = from === "visitor";
    const said = isVisitor
      ? [make("p", { lang: tongueOf(text), dir: "auto" }, text)]
      : this.#answer(message);
    const author = make("span", { className: "sr" }, `${this.#who(from)}: `);
    const bubble = make("div", { className: "bubble" }, author, ...said);
    const details = make("div", { className: "details small", "aria-live": "off" });
    const looks = { className: `message ${isVisitor ? from : kind}`, tabIndex: -1 };
    const node = make("div", looks, bubble, details);
    if (isVisitor) {
      const state = make("div", { className: "state small" });
      node.ariaLive = "off";
      node.append(state);
      this.#states.set(id, state);
      this.#showState(id);
    } else if (isNew && kind === "emergency") node.setAttribute("role", "alert");
    this.ui.typing.before(node);
    return () => details.append(...this.#details(message));
  }

  /** @param {string} from */
  #who(from) {
    return from === "visitor" ? this.words.you : this.words.assistant;
  }

  /** @param {string} at */
  #separateDay(at) {
    const day = at && new Date(at).toLocaleDateString(this.locale, { dateStyle: "full" });
    if (day === this.#lastDay || !day) return;
    this.#lastDay = day;
    const time = make("time", { dateTime: at.slice(0, 10) }, day);
    this.ui.typing.before(make("p", { className: "day small", "aria-live": "off" }, time));
  }

  /** @param {Message} message */
  #answer({ text, kind, check }) {
    const { words } = this;
    const made = paragraphs(text, words);
    if (check) {
      // The text says the number; this draws it.
      made.unshift(make("progress", { max: check.of, value: check.step, "aria-hidden": true }));
    }
    if (kind === "emergency") {
      const { emergency_number: number } = this.shared.clinic;
      made.unshift(make("strong", {}, `⚠ ${words.emergency}`));
      if (number) made.push(phoneLink(words.call, number));
    }
    return made;
  }

  /** @param {Message} message */
  #details({ id, at, source, answer, buttons }) {
    const made = [];
    if (source) made.push(this.#source(source));
    if (answer) made.push(this.#rating(id));
    if (at) {
      const time = new Date(at).toLocaleTimeString(this.locale, { timeStyle: "short" });
      made.push(make("time", { dateTime: at }, time));
    }
    const isLast = [...this.#shown.keys()].at(-1) === id;
    if (isLast && buttons?.length) made.push(this.#replies(buttons));
    return made;
  }

  /** @param {Source} source */
  #source({ title, section, reviewed_on: day, url }) {
    const text = [title, section].filter(Boolean).join(", ");
    const what = url?.startsWith("https://") ? link(url, text, this.words) : text;
    const named = make("span", { lang: "en" }, what);
    const line = make("div", { className: "source" }, `${this.words.source}: `, named);
    if (day) {
      const date = new Date(`${day}T12:00`).toLocaleDateString(this.locale, { dateStyle: "medium" })
        .replace(/ /g, "\u00a0");
      line.append(`, ${this.words.reviewed} `, make("time", { dateTime: day }, date));
    }
    return line;
  }

  /** @param {Reply[]} replies */
  #replies(replies) {
    const made = replies.map(({ title, payload }) =>
      button({ lang: tongueOf(title) }, () => this.#send(title, payload)?.focus(), title),
    );
    return make("div", { className: "replies" }, ...made);
  }

  // Rating

  /** @param {string} id */
  #rating(id) {
    const { rate, up, down } = this.words;
    const group = make("div", { className: "rating", role: "group", "aria-label": rate }, rate);
    const buttons = Object.entries({ up, down }).map(([value, label]) => {
      const looks = { className: `bare ${value}`, value, "aria-label": label };
      return button(looks, () => this.#rate(id, value, show), icon("thumb"));
    });
    const show = () => {
      for (const each of buttons) {
        each.setAttribute("aria-pressed", String(each.value === this.shared.ratings[id]));
      }
    };
    show();
    group.append(...buttons);
    return group;
  }

  /**
   * @param {string} id
   * @param {string} rating
   * @param {() => void} show
   */
  async #rate(id, rating, show) {
    const { ratings } = this.shared;
    if (ratings[id] === rating) return;
    this.#share({ ratings: { ...ratings, [id]: rating } });
    show();
    try {
      await this.#ask("POST", "feedback", { message: id, rating });
      this.#say(this.words.thanks);
    } catch (fault) {
      this.#share({ ratings });
      show();
      this.#note(...this.#reason(fault));
    }
  }

  // Writing

  /** @param {string} text */
  #setDraft(text) {
    this.ui.input.value = text;
    this.#typed();
  }

  /** Keeps the draft, and shows how much may still be written. */
  #typed() {
    const { input, hint, send } = this.ui;
    const { left: fine, over } = this.words;
    this.kept.write("draft", input.value);
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
    const left = this.shared.longest - [...input.value.trim()].length;
    const words = left < 0 ? over : left <= COUNTDOWN ? fine : "";
    hint.textContent = words && `${words} ${Math.abs(left)}`;
    send.disabled = left < 0;
    input.ariaInvalid = String(left < 0);
    if (words !== this.#lastHint) this.#say(hint.textContent);
    this.#lastHint = words;
  }

  /** @param {KeyboardEvent} event */
  #onInputKey(event) {
    // 229: Safari ends a composition with an Enter that does not say so.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const { input, send, hint } = this.ui;
    const text = input.value.trim();
    if (send.disabled) return this.#say(hint.textContent);
    if (!text) return;
    this.#setDraft("");
    this.#send(text);
  }

  // Sending

  /**
   * Shows and sends a message; the result is its element.
   * @param {string} text
   * @param {string} [payload] of a button
   */
  #send(text, payload) {
    const item = { id: newId(), text, payload, at: new Date().toISOString() };
    this.#outbox.set(item.id, item);
    this.#keepOutbox();
    this.#show({ ...item, from: "visitor" })();
    this.#toEnd();
    return this.#enqueue(item);
  }

  /** @param {Outgoing} item */
  #enqueue(item) {
    this.#failed.delete(item.id);
    this.#showState(item.id);
    this.#queue = this.#queue.then(() => this.#deliver(item));
    return this.#states.get(item.id)?.parentElement;
  }

  /** @param {Outgoing} item */
  async #deliver(item) {
    // What is no longer in the outbox belongs to a chat that was left.
    if (!this.#outbox.has(item.id)) return;
    const done = this.#busy();
    try {
      await this.#ready();
      const { messages } = await this.#post(item);
      if (!this.#outbox.delete(item.id)) return;
      this.#keepOutbox();
      this.#receive(messages);
      this.#share({ seen: messages.at(-1)?.id ?? item.id });
    } catch (fault) {
      this.#failed.set(item.id, fault);
    } finally {
      done();
      this.#showState(item.id);
    }
  }

  /**
   * @param {Outgoing} item
   * @returns {Promise<{messages: Message[]}>}
   */
  async #post({ id, text, payload }) {
    const body = payload === undefined ? { id, text } : { id, payload };
    const post = () => this.#ask("POST", "messages", body);
    const onPause = () => this.#showState(id, this.words.waiting);
    try {
      return await patiently(post, onPause);
    } catch (fault) {
      if (/** @type {Fault} */ (fault).status !== 401) throw fault;
    }
    await patiently(() => this.#openSession(""), onPause);
    this.#fill([]);
    this.#note(this.words.expired);
    return patiently(post, onPause);
  }

  /**
   * The line under a message that tells whether it is sent.
   * @param {string} id
   * @param {string} [words] while it is under way
   */
  #showState(id, words = "") {
    const state = this.#states.get(id);
    const item = this.#outbox.get(id);
    state?.replaceChildren(words);
    if (state && item && this.#failed.has(id)) {
      const fault = this.#failed.get(id);
      const again = () => this.#enqueue(item)?.focus();
      state.append(make("strong", {}, this.words.notSent), ...(fault ? this.#reason(fault) : []));
      this.#say(state.textContent);
      state.append(button({}, again, this.words.again));
      this.#toEnd();
    } else this.#say(words);
  }
}

// -------------------------------------------------------------------------------------- element

class ClinicAssistant extends HTMLElement {
  static observedAttributes = ["hidden"];
  #root = this.attachShadow({ mode: "open" });
  /** @type {Chat | undefined} */
  #chat;

  connectedCallback() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#chat = new Chat(this, this.#root);
    if ("open" in this.dataset) this.#chat.open(false);
  }

  disconnectedCallback() {
    this.#chat?.end.abort();
  }

  /** Hidden, an open chat would block the page on a small screen. */
  attributeChangedCallback() {
    this.#chat?.close();
  }
}

/** Adds the element to the page, with the attributes of the script's own tag. */
function addToPage() {
  const own = [...document.scripts].find((tag) => tag.src === import.meta.url);
  if (!own || document.querySelector(TAG)) return;
  const element = document.createElement(TAG);
  Object.assign(element.dataset, own.dataset);
  document.body.append(element);
}

if (!customElements.get(TAG)) {
  customElements.define(TAG, ClinicAssistant);
  if (document.body) addToPage();
  else document.addEventListener("DOMContentLoaded", addToPage);
}
