"""Arguments are pairs: a file, and what was written after reading it. anndata says whether they hold the same."""
import sys
import warnings

import anndata as ad
from anndata.tests.helpers import assert_equal

warnings.filterwarnings("ignore")
pairs = list(zip(sys.argv[1::2], sys.argv[2::2]))
for original, copy in pairs:
    a = ad.read_h5ad(original)
    # As writing does.
    a.strings_to_categoricals()
    if a.raw is not None:
        a.strings_to_categoricals(a.raw.var)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        b = ad.read_h5ad(copy)
    try:
        assert_equal(a, b)
    except AssertionError as e:
        sys.exit(f"{original}: {e}")
print(len(pairs), "copies are equal")
