"""Opens pairs of .h5mu files with mudata and asks that they hold the same; for a name ending in "!" only that it opens."""
import sys
import warnings

import mudata
import numpy as np
import pandas as pd
import scipy.sparse as sp

warnings.simplefilter("error", UserWarning)
warnings.filterwarnings("ignore", message=".*names are not unique.*")
warnings.filterwarnings("ignore", message=".*Cannot join columns.*")
warnings.filterwarnings("ignore", category=FutureWarning)


def same(a, b, where):
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_dtype=False, obj=where)
    elif sp.issparse(a):
        assert sp.issparse(b) and a.shape == b.shape and abs(a - b).nnz == 0 and a.dtype == b.dtype, where
    elif hasattr(a, "items"):
        assert list(sorted(a.keys())) == list(sorted(b.keys())), (where, list(a.keys()), list(b.keys()))
        for k in a.keys():
            same(a[k], b[k], f"{where}/{k}")
    elif isinstance(a, np.ndarray):
        assert a.dtype == b.dtype and a.shape == b.shape, (where, a.dtype, b.dtype)
        if a.dtype.kind == "f":
            np.testing.assert_array_equal(a, b, err_msg=where)
        else:
            assert (a == b).all(), where
    elif a is None:
        assert b is None, where
    else:
        assert a == b, (where, a, b)


def same_slots(a, b, names, where):
    for name in names:
        same(getattr(a, name), getattr(b, name), f"{where}/{name}")


with warnings.catch_warnings():
    pairs = sys.argv[1:]
    for first, second in zip(pairs[::2], pairs[1::2]):
        copy = mudata.read_h5mu(second)
        original = mudata.read_h5mu(first)
        assert list(original.mod) == list(copy.mod) and original.axis == copy.axis, first
        same_slots(original, copy, ["obs", "var", "uns", "obsm", "varm", "obsp", "varp", "obsmap", "varmap"], first)
        for m in original.mod:
            slots = ["obs", "var", "uns", "obsm", "varm", "obsp", "varp", "layers", "X"]
            same_slots(original.mod[m], copy.mod[m], slots, f"{first}/{m}")
