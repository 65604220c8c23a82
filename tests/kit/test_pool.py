"""The pool of the raw doors asks the database for what its address asks for."""

from __future__ import annotations

from careline.kit import pool


async def test_options_in_the_address_stand_beside_ours(database_url):
    await pool.open_pool(f"{database_url}?options=-c%20statement_timeout%3D4321ms%20-c%20timezone%3DAsia/Tokyo", size=2)
    try:
        async with pool.connection() as conn:
            asked = [
                await (await conn.execute(f"SHOW {name}".encode())).fetchone()
                for name in ("statement_timeout", "timezone", "plan_cache_mode")
            ]
    finally:
        await pool.close_pool()
    assert asked == [("4321ms",), ("UTC",), ("force_generic_plan",)]
