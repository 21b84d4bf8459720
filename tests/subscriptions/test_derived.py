"""Which subscriptions follow from a product list, and how they follow when it changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subscriptions.affected import numbers_held, watched_codes
from subscriptions.derived import Derivation, Standing, Watched, derive
from subscriptions.product import Product

CODES = ("220299", "220291", "8507", "850760", "950300")
PLACES = ("EU", "USA", "KEN")


def a_product(sku: str, codes: str, markets: str, standards: tuple[str, ...] = ()) -> Product:
    """A product with codes and markets parted by blanks."""
    return Product(sku=sku, codes=tuple(codes.split()), markets=frozenset(markets.split()), standards=standards)


def shown(derivation: Derivation) -> set[tuple[frozenset[str], frozenset[str], int | None]]:
    """Markets, what is asked, and whose it is."""
    return {(one.markets, one.asked, one.subscription) for one in derivation.wanted}


def standing(derivation: Derivation) -> list[Standing]:
    """As they are once they are subscriptions; the new ones get the next numbers."""
    number = 1 + max([one.subscription or 0 for one in derivation.wanted] + list(derivation.ending), default=0)
    found = []
    for one in derivation.wanted:
        id_ = one.subscription
        if id_ is None:
            id_, number = number, number + 1
        found.append(Standing(subscription=id_, by=one.by, markets=one.markets, asked=one.asked))
    return found


def test_products_of_the_same_markets_make_one_subscription() -> None:
    """Codes are cut to the digits all countries share; a product counts where it is sold."""
    first, second = a_product("1", "2202990099 8507600020", "EU USA"), a_product("2", "22029900", "USA EU")
    derived = derive([first, second, a_product("3", "9503", "KEN")])
    assert shown(derived) == {
        (frozenset({"EU", "USA"}), frozenset({"220299", "850760"}), None),
        (frozenset({"KEN"}), frozenset({"9503"}), None),
    }
    assert [one.products for one in derived.wanted] == [2, 1]


def test_a_code_of_an_older_edition_is_watched_by_what_took_its_place() -> None:
    """851712 is 851713 and 851714 today; it stands besides, for notices that state it."""
    assert watched_codes(a_product("1", "8517121019", "EU")) == ("851712", "851713", "851714")


def test_standards_are_watched_without_their_editions_and_only_if_wanted() -> None:
    """A new edition is the very news."""
    product = a_product("1", "2202", "EU", ("GB 4706.1:2005", "GB 4706.1:2024"))
    assert numbers_held(product) == ("GB 4706.1",)
    assert {one.by for one in derive([product]).wanted} == {Watched.CODES}
    assert {one.by for one in derive([product], standards=True).wanted} == {Watched.CODES, Watched.STANDARDS}


def test_a_market_more_changes_the_subscription_that_is_there() -> None:
    """It does not end: what it was asked before is still judged by it."""
    before = standing(derive([a_product("1", "2202", "EU")]))
    assert shown(derive([a_product("1", "2202", "EU USA")], before)) == {
        (frozenset({"EU", "USA"}), frozenset({"2202"}), 1)
    }


def test_a_code_that_is_mended_keeps_its_subscription() -> None:
    """The same markets, another code: no subscription ends for a slip of the pen."""
    before = standing(derive([a_product("1", "2202", "EU")]))
    after = derive([a_product("1", "2203", "EU")], before)
    assert (shown(after), after.ending) == ({(frozenset({"EU"}), frozenset({"2203"}), 1)}, ())


def test_a_subscription_of_which_nothing_is_left_ends() -> None:
    """And only such a one."""
    both = [a_product("1", "2202", "EU"), a_product("2", "9503", "USA")]
    before = standing(derive(both))
    after = derive(both[:1], before)
    assert shown(after) == {(frozenset({"EU"}), frozenset({"2202"}), 1)}
    assert after.ending == (2,)


def test_two_that_come_to_the_same_markets_stay_two() -> None:
    """What was noticed for one of them and is judged later would be lost if it ended."""
    before = standing(derive([a_product("1", "2202", "EU"), a_product("2", "9503", "USA")]))
    after = derive([a_product("1", "2202", "EU USA"), a_product("2", "9503", "EU USA")], before)
    assert shown(after) == {
        (frozenset({"EU", "USA"}), frozenset({"2202"}), 1),
        (frozenset({"EU", "USA"}), frozenset({"9503"}), 2),
    }


LISTS = st.lists(
    st.builds(
        lambda codes, markets, held: Product(
            sku="x", codes=tuple(codes), markets=frozenset(markets), standards=tuple(held)
        ),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True),
        st.sets(st.sampled_from(PLACES), min_size=1),
        st.lists(st.sampled_from(["IEC 60335-1", "GB 4706.1:2005"]), max_size=2, unique=True),
    ),
    max_size=6,
)


def pairs(products: list[Product], by: Watched) -> set[tuple[str, str]]:
    """What is to be watched where, read plainly."""
    values = watched_codes if by is Watched.CODES else numbers_held
    return {(value, market) for one in products for value in values(one) for market in one.markets}


@given(st.lists(LISTS, min_size=1, max_size=5))
def test_however_a_list_changes_it_is_watched_exactly(lists: list[list[Product]]) -> None:
    """Each code in the markets of its products and in no other, by one subscription; whatever stood before.

    A subscription ends only if nothing that it asked is on the list.
    """
    before: list[Standing] = []
    for products in lists:
        derived = derive(products, before, standards=True)
        for by in Watched:
            asked = [
                (value, market)
                for one in derived.wanted
                if one.by is by
                for value in one.asked
                for market in one.markets
            ]
            assert len(asked) == len(set(asked))
            assert set(asked) == pairs(products, by)
        owners = [one.subscription for one in derived.wanted if one.subscription is not None]
        assert len(owners) == len(set(owners))
        assert set(owners) | set(derived.ending) == {one.subscription for one in before}
        for one in before:
            if one.subscription in derived.ending:
                values = {value for value, _ in pairs(products, one.by)}
                assert not one.asked & values
        before = standing(derived)


@given(LISTS)
def test_the_same_list_changes_nothing(products: list[Product]) -> None:
    """Given once more, each subscription stays as it is."""
    first = derive(products, standards=True)
    again = derive(products, standing(first), standards=True)
    assert [(one.by, one.markets, one.asked) for one in again.wanted] == [
        (one.by, one.markets, one.asked) for one in first.wanted
    ]
    assert again.ending == ()
