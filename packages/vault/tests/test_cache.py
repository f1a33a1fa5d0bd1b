"""Keys are kept for a minute from when their loading began, in a bounded number, and dropped."""

from vault.cache import KeyCache


def _cache(limit: int = 3) -> tuple[KeyCache[str, int], list[float]]:
    now = [100.0]
    return KeyCache(limit, 60.0, lambda: now[0]), now


def test_a_value_lives_until_a_minute_after_its_loading_began() -> None:
    cache, now = _cache()
    ticket = cache.loading()
    now[0] += 30
    cache.put(ticket, [("a", 1)])
    now[0] += 29.9
    assert cache.get("a") == 1
    now[0] += 0.1
    assert cache.get("a") is None
    assert len(cache) == 0


def test_using_a_value_does_not_make_it_live_longer() -> None:
    cache, now = _cache()
    cache.put(cache.loading(), [("a", 1)])
    for _ in range(6):
        now[0] += 10
        cache.get("a")
    assert cache.get("a") is None


def test_the_oldest_go_when_there_are_too_many() -> None:
    cache, _ = _cache(limit=3)
    for number, name in enumerate("abcd"):
        cache.put(cache.loading(), [(name, number)])
    assert [cache.get(name) for name in "abcd"] == [None, 1, 2, 3]


def test_what_has_expired_goes_when_something_new_comes() -> None:
    cache, now = _cache(limit=10)
    cache.put(cache.loading(), [("a", 1), ("b", 2)])
    now[0] += 60
    cache.put(cache.loading(), [("c", 3)])
    assert len(cache) == 1


def test_what_is_dropped_is_gone_at_once() -> None:
    cache, _ = _cache()
    cache.put(cache.loading(), [("a", 1), ("b", 2)])
    cache.drop(["a", "never there"])
    assert (cache.get("a"), cache.get("b")) == (None, 2)


def test_what_was_being_loaded_while_something_was_dropped_is_not_kept() -> None:
    cache, _ = _cache()
    ticket = cache.loading()
    cache.drop(["a"])
    cache.put(ticket, [("a", 1)])
    assert cache.get("a") is None


def test_a_cache_shows_no_value() -> None:
    cache, _ = _cache()
    cache.put(cache.loading(), [("a", 4711)])
    assert "4711" not in repr(cache)
