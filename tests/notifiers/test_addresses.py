"""Which recipients' addresses are taken, and in which form."""

from __future__ import annotations

import pytest

from notifiers.addresses import AddressError, check_address


@pytest.mark.parametrize(
    ("channel", "given", "kept"),
    [
        ("email", " Li.Wei@Example.COM ", "Li.Wei@example.com"),
        ("email", "li@münchen.de", "li@xn--mnchen-3ya.de"),
        ("email", "li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("email", "a+b@demo.test", "a+b@demo.test"),
        ("telegram", " 00123 ", "123"),
        ("telegram", "-1001234567890", "-1001234567890"),
        ("telegram", "@tbt_news", "@tbt_news"),
        ("file", "ningbo-drinks", "ningbo-drinks"),
        ("file", "li@example.com", "li@example.com"),
        ("carrier pigeon", " loft 7 ", "loft 7"),
    ],
)
def test_an_address_is_stored_in_the_form_it_is_sent_to(channel: str, given: str, kept: str) -> None:
    """Blanks go, domains become what mail servers read; capitals before the @ are kept."""
    assert check_address(channel, given) == kept


@pytest.mark.parametrize(
    ("channel", "given"),
    [
        ("email", ""),
        ("email", "li"),
        ("email", "li@localhost"),
        ("email", "李@example.com"),
        ("email", "Li <li@example.com>"),
        ("email", "li@example.com, wei@example.com"),
        ("email", "li@example.com\r\nBcc: all@example.com"),
        ("email", "a" * 300 + "@example.com"),
        ("telegram", "0"),
        ("telegram", "li"),
        ("telegram", "12 34"),
        ("telegram", "@a"),
        ("telegram", "١٢٣"),
        ("file", "../secret"),
        ("file", "/etc"),
        ("file", "a/b"),
        ("file", "a\\b"),
        ("file", ".hidden"),
        ("file", ""),
        ("file", "CON.txt"),
        ("file", "a\x00b"),
        ("carrier pigeon", "two\nlines"),
        ("carrier pigeon", ""),
    ],
)
def test_what_cannot_be_written_to_is_refused_with_a_sentence(channel: str, given: str) -> None:
    """The sentence names the address, shortened, and what to give instead."""
    with pytest.raises(AddressError) as refusal:
        check_address(channel, given)
    assert " is not a" in str(refusal.value) or "cannot be reached" in str(refusal.value)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 400
