"""What is measured is what is there: our writers, asked as `make bench` asks, on a real server."""

from bench.appending import WHOLE, ours
from bench.filling import append_more, fill, streams_of
from bench.servers import counted
from stack.testing import Postgres

FILLED = 100


async def test_each_way_through_the_store_writes_what_it_says(postgres: Postgres) -> None:
    urls = await postgres.create_database("bench_tried")
    await fill(urls, FILLED, lambda _words: None)
    before = await append_more(urls, 5)
    assert before == FILLED + 5
    async with ours(urls, warm_s=0.02) as process:
        how = {"writers": 2, "seconds": 0.05, "streams": streams_of(FILLED)}
        went_on = await process.ask(what="go-on", **how)
        single = process.acknowledged
        many = await process.ask(what="several-events", **how)
        streams = await process.ask(what="several-streams", **how)
        refused = [await process.ask(what=each, **how) for each in ("conflict", "duplicate")]
        assert min(each.done for each in (went_on, many, streams, *refused)) > 0
    events = await counted(urls.superuser, "select count(*) from es.events")
    assert events == before + single + 10 * many.done + 3 * streams.done
    first_ones = await counted(urls.superuser, WHOLE)
    assert first_ones >= single - went_on.done
