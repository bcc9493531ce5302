"""Compares what we joined with anndata.concat of the same files; exit 1 and the first few misses where it differs."""
import json
import sys
import warnings

import anndata as ad
from anndata.tests.helpers import assert_equal

warnings.filterwarnings("ignore")
ways = json.load(open("ways.json"))
misses = []
for t, w in enumerate(ways):
    parts = [ad.read_h5ad(f"in_{t}_{i}.h5ad") for i in range(w["m"])]
    want = ad.concat(
        parts, join=w["join"], merge=w["merge"], uns_merge=w["uns"], label="batch" if w["label"] else None,
        index_unique="-" if w["iu"] else None, fill_value=w["fill"], pairwise=w["pair"],
    )
    want.write_h5ad("want.h5ad")
    want = ad.read_h5ad("want.h5ad")
    try:
        got = ad.read_h5ad(f"out_{t}.h5ad")
        for slot in ("obs", "var", "X", "layers", "obsm", "varm", "obsp", "uns"):
            assert_equal(getattr(got, slot), getattr(want, slot), elem_name=slot)
        assert (got.raw is None) == (want.raw is None), "raw"
    except Exception as e:
        misses.append(f"{t} {w}: {str(e).strip().splitlines()[-1][:150] if str(e).strip() else type(e).__name__}")
print("\n".join(misses[:10]) or f"{len(ways)} joins equal anndata's")
sys.exit(bool(misses))
