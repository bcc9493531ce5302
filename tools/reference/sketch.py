"""How well geosketch covers simulated cells: python tools/reference/sketch.py OUT.h5 (see README of the fixtures)."""
import sys

import h5py
import numpy as np
from geosketch import gs

SIZE = 100


def hausdorff(x, drawn):
    return np.sqrt(((x[:, None] - x[drawn][None]) ** 2).sum(-1).min(1).max())


def main(out):
    rng = np.random.default_rng(3)
    centres = rng.normal(0, 4, (6, 5))
    kind = rng.choice(6, 1500, p=[0.4, 0.3, 0.2, 0.07, 0.02, 0.01])
    x = (centres[kind] + rng.normal(0, 1, (1500, 5))).astype(np.float32)
    with h5py.File(out, "w") as f:
        f.create_dataset("x", data=x, compression="gzip")
        f["size"] = np.array([SIZE])
        f["hausdorff"] = np.array([hausdorff(x, gs(x.copy(), SIZE, replace=False, seed=s)) for s in range(10)])
        f["random"] = np.array([np.mean([hausdorff(x, rng.choice(1500, SIZE, False)) for _ in range(10)])])
        print(f["hausdorff"][:].mean(), f["random"][0])


if __name__ == "__main__":
    main(sys.argv[1])
