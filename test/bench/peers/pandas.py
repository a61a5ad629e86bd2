"""pandas doing the same work: python3 pandas.py columns FILE | analyse FOLDER"""
import json
import os
import resource
import sys
import time

sys.path.remove(os.path.dirname(os.path.abspath(__file__)))  # else this file is taken for the package
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

work, path = sys.argv[1:3]
started = time.perf_counter()


def fills(name):
    return pd.read_csv(f"{path}/{name}.csv", dtype={"symbol": "category", "side": "category"}, parse_dates=["executed_at"])


def analyse():
    expected = fills("backtest").rename(columns={"client_order_id": "id"})
    live = fills("live")
    live["notional"] = live.price * live.quantity
    orders = live.groupby("order_id", sort=False).agg(
        symbol=("symbol", "first"), side=("side", "first"), id=("client_order_id", "first"), executed_at=("executed_at", "min"),
        notional=("notional", "sum"), live_quantity=("quantity", "sum"), live_fee=("fee", "sum"),
        live_latency=("latency_ms", "mean"), fills=("price", "size"))
    named = orders[orders.id.notna()]
    keep = ["id", "notional", "live_quantity", "live_fee", "live_latency", "fills"]
    pairs = [expected.merge(named[keep], on="id")]
    free = expected[~expected.id.isin(pairs[0].id)].sort_values("executed_at")
    nameless = orders[orders.id.isna()].drop(columns=["id"]).sort_values("executed_at")
    near = pd.merge_asof(nameless, free.assign(expected_at=free["executed_at"])[["executed_at", "expected_at", "symbol", "side", "id", "price", "quantity", "fee", "latency_ms"]],
                         on="executed_at", by=["symbol", "side"], direction="nearest", tolerance=pd.Timedelta(2, "s")).dropna(subset=["id"])
    pairs.append(near.assign(executed_at=near.expected_at))
    columns = ["executed_at", "symbol", "side", "price", "quantity", "fee", "latency_ms"] + keep
    joined = pd.concat([one[columns] for one in pairs], ignore_index=True)
    weight = joined.price * joined.quantity
    slippage = np.where(joined.side == "buy", 1.0, -1.0) * (joined.notional / joined.live_quantity - joined.price) / joined.price * 1e4
    joined = joined.assign(day=joined["executed_at"].dt.date, weight=weight, product=slippage * weight, square=slippage ** 2 * weight, partial=joined.fills > 1)
    groups = joined.groupby(["symbol", "day"], observed=True)
    sums = groups[["weight", "product", "square", "live_fee", "notional", "fee"]].sum()
    means = groups[["live_latency", "latency_ms", "partial"]].mean()
    quantiles = [groups[["live_latency", "latency_ms"]].quantile(share).add_suffix(f"_{share}") for share in (0.5, 0.99)]
    result = pd.concat([sums, means, *quantiles], axis=1)
    return len([json.dumps(row, default=str) for row in result.to_dict("records")])


reports = 0
if work == "columns":
    pd.read_csv(path)
else:
    reports = analyse()
print(json.dumps({"ms": (time.perf_counter() - started) * 1e3, "reports": reports,
                  "peakMemoryMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
