"""Writes two small .loom files as loompy lays them out, with h5py: three genes, two cells; the other has an odd column.

    python tools/reference/loom.py jvm-core/src/test/resources/reference/loom
"""
import sys
from pathlib import Path

import h5py
import numpy as np

for name in ("small", "index_column"):
    text = h5py.string_dtype("utf-8")
    with h5py.File(Path(sys.argv[1]) / f"{name}.loom", "w") as f:
        f.create_dataset("matrix", data=np.array([[1, 0], [0, 2], [3, 4]], "f4"), chunks=(2, 2), compression="gzip")
        f.create_dataset("layers/spliced", data=np.array([[0, 5], [6, 0], [0, 7]], "i4"))
        f.create_dataset("row_attrs/Gene", data=["g0", "g1", "g2"], dtype=text)
        f.create_dataset("row_attrs/Length", data=np.array([10, 20, 30]))
        f.create_dataset("col_attrs/CellID", data=["c0", "c1"], dtype=text)
        f.create_dataset("col_attrs/u1", data=np.array([0.5, 1.5]))
        f.create_dataset("col_attrs/u2", data=np.array([2.5, 3.5]))
        f.create_dataset("col_attrs/pcs", data=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
        f.create_group("row_graphs")
        f.create_group("col_graphs")
        if name == "index_column":
            f["col_attrs/_index"] = np.arange(2)
