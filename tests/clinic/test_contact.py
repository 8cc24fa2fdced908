"""Names, phone numbers and e-mail addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.contact import (
    Contact,
    Email,
    Phone,
    find_contact,
    find_email,
    find_name,
    find_phone,
    likely_domain,
    read_name,
)
from clinic.rejection import Rejection


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Maria", "Maria"),
        ("maria papadopoulou", "Maria Papadopoulou"),
        ("Maria P.", "Maria P."),
        ("my name is Maria Papadopoulou", "Maria Papadopoulou"),
        ("My name is Maria and I want to book on Friday", "Maria"),
        ("I'm Maria, 6941234567", "Maria"),
        ("im kostas", "Kostas"),
        ("Hello, I am Maria and my phone is 694 123 4567", "Maria"),
        ("Maria Papadopoulou, +30 694 123 4567, maria@example.gr", "Maria Papadopoulou"),
        ("maria_p@example.com Maria", "Maria"),
        ("Good morning, Nikos", "Nikos"),
        ("call me Bob please", "Bob"),
        ("name: Eleni", "Eleni"),
        ("O\u2019Neill", "O'Neill"),
        ("anne-marie d'arc", "Anne-Marie D'Arc"),
        ("jean van der berg", "Jean van der Berg"),
        ("José Ñandú", "José Ñandú"),
        ("Μαρία Παπαδοπούλου", "Μαρία Παπαδοπούλου"),
        ("με λένε Ελένη", "Ελένη"),
        ("Dr. Elena K.", "Dr. Elena K."),
        ("J. R. Ewing", "J. R. Ewing"),
        ("Will Smith", "Will Smith"),
        ("Anna Long", "Anna Long"),
        ("Maria 😀", "Maria"),
        ("  Tom\t Jones  ", "Tom Jones"),
    ],
)
def test_a_name_is_read(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("12345", "digits"),
        ("6941234567", "digits"),
        ("maria2", "digits"),
        ("I am 45 years old", "digits"),
        ('/book_consultation{"name": "x"}', "markup"),
        ("/restart", "markup"),
        ("Maria <b>", "markup"),
        ("[Maria](name)", "markup"),
        ("https://example.com", "markup"),
        ("what is your name?", "question"),
        ("how much does it cost", "question"),
        ("a" * 81, "too_long"),
        ("maria " * 300, "too_long"),
        ("I want to stop", "not_a_name"),
        ("no", "not_a_name"),
        ("yes please", "not_a_name"),
        ("Thank You", "not_a_name"),
        ("not sure", "not_a_name"),
        ("im pregnant", "not_a_name"),
        ("next tuesday afternoon", "not_a_name"),
        ("tues", "not_a_name"),
        ("whenever", "not_a_name"),
        ("maria@example.com", "not_a_name"),
        ("M", "not_a_name"),
        ("you are stupid", "not_a_name"),
        ("όχι", "not_a_name"),
        ("Maria Anna Eleni Sofia Ioanna Katerina Georgia", "not_a_name"),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert read_name(text) == Rejection(reason)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("book me for friday afternoon, Maria, 6941234567", "Maria"),
        ("Can I book? I'm Maria Pappa, call 6941234567", "Maria Pappa"),
        ("hi my name is maria and i'd like to book", "Maria"),
        ("Hi, this is maria, i'd like to book", None),
        ("my name is Price. Nick Price", "Price"),
        ("my name is not important", None),
        ("its Kostas", "Kostas"),
        ("name's Kostas", "Kostas"),
        ("its painful", None),
        ("I'm interested in mesotherapy, 6941234567", None),
        ("I'm Greek and pregnant", None),
        ("Is it painful, Maria asked", None),
        ("Please, Tuesday, 6941234567", None),
        ("book mark 6941234567 tuesday morning", "Mark"),
        ("ok book. maria pappa 6941234567 tmrw", "Maria Pappa"),
        ("Yes. Name Agnieszka Wisniewska, phone 6941234567, tuesday", "Agnieszka Wisniewska"),
        ("callback pls eleni 6941234567", "Eleni"),
        ("call me on 6941234567", None),
        ("wait number is 6941234567", None),
        ("thats my exs number use 6941234567", None),
        ("my wife number also put please 6941234567", None),
        ("I want to book a consultation", None),
        ("/inform{}, Maria, 6941234567", None),
        ("", None),
    ],
)
def test_a_name_is_found_in_a_message_only_where_it_is_surely_one(
    text: str, name: str | None
) -> None:
    assert find_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "6941234567",
        "694 123 45 67",
        "694.123.4567",
        "694-12-34567",
        "6 9 4 1 2 3 4 5 6 7",
        "00 30 694 1234567",
        "0030-694-1234567",
        "+30 694 123 4567",
        "(+30) 694-1234567",
        "+30 (0)694 123 4567",
        "tel:6941234567.",
        "call me on 6941234567, I'm 45, tomorrow at 5",
        "６９４１２３４５６７",
    ],
)
def test_a_phone_number_is_found(text: str) -> None:
    assert find_phone(text, "GR") == Phone("+306941234567", "+30 694 123 4567")


def test_a_number_with_a_country_code_keeps_it() -> None:
    found = find_phone("+44 20 7946 0958", "GR")
    assert isinstance(found, Phone)
    assert found.e164 == "+442079460958"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("my number is six nine", "missing"),
        ("112", "missing"),
        ("12/12/2026 at 10:30", "missing"),
        ("12.12.2026 at 10.30", "missing"),
        ("2026-12-12", "missing"),
        ("5 sessions, 45 years", "missing"),
        ("69412345", "too_short"),
        ("694123456789012345", "too_long"),
        ("1111111111", "invalid"),
        ("6O41234567", "too_short"),
    ],
)
def test_what_is_no_phone_number_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert find_phone(text, "GR") == Rejection(reason)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("maria.p+clinic@Example.COM", "maria.p+clinic@example.com"),
        ("write to <maria@example.gr>.", "maria@example.gr"),
        ("maria at example dot com", "maria@example.com"),
        ("maria (at) mail.example.com", "maria@mail.example.com"),
        ("maria [at] example [dot] com thanks", "maria@example.com"),
    ],
)
def test_an_email_address_is_found(text: str, address: str) -> None:
    assert find_email(text) == Email(address)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I'll be at home. thanks", "missing"),
        ("I am at the clinic.today", "missing"),
        ("maria@example", "invalid"),
        ("maria @ example.com", "invalid"),
        ("@", "invalid"),
        ("a..b@example.com", "invalid"),
    ],
)
def test_what_is_no_email_address_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert find_email(text) == Rejection(reason)


def test_both_are_found_in_one_sentence() -> None:
    contact = find_contact("call 6941234567 or write to a@b.gr", "GR")
    assert contact.phone is not None
    assert contact.email == Email("a@b.gr")
    assert contact.rejection is None
    assert contact.found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "missing"),
        ("my number is 69412345", "phone_too_short"),
        ("maria@example", "email_invalid"),
        ("maria1985123456@example", "email_invalid"),
    ],
)
def test_neither_gives_the_reason(text: str, reason: str) -> None:
    assert find_contact(text, "GR") == Contact(None, None, Rejection(reason))
    assert not find_contact(text, "GR").found


@given(st.text(max_size=200))
def test_any_text_gives_an_answer(text: str) -> None:
    name = read_name(text)
    if isinstance(name, str):
        assert 2 <= len(name) <= 80
        assert not set(name) & set("{}[]<>/@0123456789\n")
    find_name(text)
    find_contact(text, "GR")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("one for my sister Anna, 694 123 4567, friday", "Anna"),
        ("and mum, Toula Bell, 694 123 4567", "Toula Bell"),
        ("also for my mum: Eva Stone 694 123 4567", "Eva Stone"),
        ("my sister told me about you, call 694 123 4567", None),
    ],
)
def test_the_name_of_a_relative_is_found_beside_a_number(text: str, name: str | None) -> None:
    assert find_name(text) == name


DOMAINS = ["gmail.com", "mail.com", "yahoo.gr", "hotmail.com"]


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("jo@gmial.com", "gmail.com"),
        ("jo@gmail.con", "gmail.com"),
        ("jo@gmal.com", "gmail.com"),
        ("jo@hotmial.com", "hotmail.com"),
        ("jo@yaho.gr", "yahoo.gr"),
        ("jo@gmail.com", None),
        ("jo@mail.com", None),
        ("jo@example.com", None),
        ("", None),
    ],
)
def test_a_slip_in_the_domain_of_an_address_is_noticed(address: str, domain: str | None) -> None:
    assert likely_domain(address, DOMAINS) == domain
