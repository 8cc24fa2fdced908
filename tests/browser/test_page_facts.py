"""The clinic's facts as the demo page shows them: those of data/content/clinic.yml."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page

from clinic.profile import WEEKDAYS, ClosedDays, Span, load_profile
from clinic.settings import load_settings
from scripts.settings import ROOT
from tests.browser.chat import Visitor

NewVisitor = Callable[..., Visitor]

PROFILE = load_profile(ROOT / "data" / "content")
_NUMBER = re.compile(r"\+\d[\d ]{7,}\d")


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    """The demo page, read without its scripts: without the chat."""
    return new_visitor(java_script_enabled=False).page


def words(part: Locator) -> str:
    """Returns the text of a part, with usual spaces and hyphens."""
    return " ".join(part.inner_text().replace("–", "-").split())


def links(page: Page, scheme: str) -> list[tuple[str, str]]:
    """Returns the words and the address of each link with a scheme."""
    found = page.locator(f"a[href^='{scheme}:']").all()
    return [(words(link), (link.get_attribute("href") or "")[len(scheme) + 1 :]) for link in found]


def test_every_number_that_can_be_called_is_the_clinics_or_the_emergency_number(page: Page) -> None:
    phone = (PROFILE.phone, "".join(PROFILE.phone.split()))
    emergency = (f"call {PROFILE.emergency_number}", PROFILE.emergency_number)
    assert sorted(links(page, "tel")) == sorted([phone, phone, emergency])
    assert words(page.locator(".urgent")) == f"In an emergency call {PROFILE.emergency_number}"


def test_no_other_phone_number_stands_in_the_text(page: Page) -> None:
    found = _NUMBER.findall(words(page.locator("body")))
    assert set(found) == {PROFILE.phone}


def test_the_e_mail_addresses_are_those_of_the_clinic(page: Page) -> None:
    expected = [PROFILE.email, PROFILE.privacy_contact]
    assert links(page, "mailto") == [(address, address) for address in expected]
    assert words(page.locator("footer")).count(PROFILE.privacy_contact) == 1


def test_name_doctor_address_and_way_are_those_of_the_clinic(page: Page) -> None:
    assert words(page.locator(".top .name")) == PROFILE.name
    assert words(page.locator("#contact h3")) == PROFILE.name
    assert PROFILE.name in page.title()
    lines = [words(line) for line in page.locator("address p").all()]
    assert lines[:2] == [f"{PROFILE.doctor} {PROFILE.address}", PROFILE.directions]


def test_the_opening_hours_are_those_of_the_clinic(page: Page) -> None:
    rows = page.get_by_role("table", name="Opening hours").get_by_role("row").all()
    shown = [(words(row.get_by_role("rowheader")), words(row.get_by_role("cell"))) for row in rows]
    expected = [
        (day.capitalize(), ", ".join(map(span, spans)) or "Closed")
        for day, spans in zip(WEEKDAYS, PROFILE.opening_hours, strict=True)
    ]
    assert shown == expected


def span(opened: Span) -> str:
    start, end = (f"{clock.hour}:{clock.minute:02d}" for clock in (opened.start, opened.end))
    return f"{start}-{end}"


def test_the_closed_days_are_those_of_the_clinic(page: Page) -> None:
    periods = [period(days) for days in PROFILE.closed]
    closed = ["on public holidays in Greece"] if PROFILE.holidays_country == "GR" else []
    listed = " and ".join([", ".join([*closed, *periods[:-1]]), *periods[-1:]])
    city = PROFILE.timezone.key.rsplit("/")[-1]
    assert words(page.locator("table + p")) == f"{city} time. Closed {listed}."


def period(days: ClosedDays) -> str:
    first, last = days.first, days.last
    if (first.year, first.month) == (last.year, last.month):
        return f"from {first.day} to {in_words(last)}"
    return f"from {in_words(first)} to {in_words(last)}"


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def test_the_page_says_so_if_the_facts_are_placeholders(page: Page) -> None:
    notice = "Name, address, numbers and hours are placeholders."
    assert (notice in words(page.locator("#contact"))) is PROFILE.placeholders


def test_the_days_that_chats_are_kept_are_those_of_the_settings(page: Page) -> None:
    days = load_settings({}, ROOT).retention_days
    assert f"Chats are kept for {days} days." in words(page.locator("footer"))
