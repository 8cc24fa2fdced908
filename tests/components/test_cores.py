"""Work that is handed out to other processes, or done at once."""

from __future__ import annotations

import os

import pytest

from components.cores import Helpers, helpers_for


def times(given: int, number: int) -> int:
    return given * number


def process_of(given: object) -> int:
    return os.getpid()


def fail(given: object) -> None:
    raise ValueError("no such thing")


@pytest.mark.parametrize("number", [0, 2])
def test_results_keep_the_order_of_the_arguments(number: int) -> None:
    with Helpers(3, number) as helpers:
        assert helpers.map(times, range(5)) == [0, 3, 6, 9, 12]
        assert helpers.submit(times, 7).result() == 21


def test_helpers_are_other_processes_and_none_is_this_one() -> None:
    with Helpers(None, 1) as helpers, Helpers(None, 0) as nobody:
        assert helpers.submit(process_of).result() != os.getpid()
        assert nobody.submit(process_of).result() == os.getpid()


@pytest.mark.parametrize("number", [0, 1])
def test_an_error_is_met_where_the_result_is_asked_for(number: int) -> None:
    with Helpers(None, number) as helpers:
        failing = helpers.submit(fail)
        with pytest.raises(ValueError, match="no such thing"):
            failing.result()


@pytest.mark.parametrize(("cores", "amount", "number"), [(2, 9, 0), (2, 10, 2), (1, 10, 0)])
def test_little_work_or_one_core_needs_no_helpers(
    cores: int, amount: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert helpers_for(amount, least=10) == number


def test_helpers_within_helpers_have_their_own_to_work_on() -> None:
    with Helpers(2, 1) as outer:
        first = outer.submit(times, 10)
        with Helpers(5, 1) as inner:
            assert inner.map(times, [10]) == [50]
        assert first.result() == 20
