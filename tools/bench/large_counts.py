"""Write simulated counts as h5ad, piece by piece: CSR float32, as many cells as the disk holds.

Cell types on a random tree of expression programs, gene-wise effects of batches, log-normal library sizes, transcripts in
bursts. Fields: obs batch, cell_type; var mt (13 genes). Row pointers are int64 from 2^31 values on. The same arguments give
the same file; memory is that of one piece.

    python large_counts.py OUT.h5ad --cells 500000 --genes 10000 --depth 2500 --compression none

1.3 million cells x 28,000 genes at --depth 4400 hold about 2.6 billion values in 21 GB. zstd needs hdf5plugin.
"""
import argparse
import time

import anndata as ad
import h5py
import numpy as np
import pandas as pd
from h5py._hl.filters import guess_chunk

TABLE = 1 << 20
BURST = 0.4  # further transcripts of a burst, on average
MITOCHONDRIAL = "ND1 ND2 CO1 CO2 ATP8 ATP6 CO3 ND3 ND4L ND4 ND5 ND6 CYB".split()


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--cells", type=int, default=500_000)
    p.add_argument("--genes", type=int, default=10_000)
    p.add_argument("--depth", type=float, default=2500, help="median counts per cell")
    p.add_argument("--batches", type=int, default=5)
    p.add_argument("--types", type=int, default=15)
    p.add_argument("--compression", choices=["none", "gzip", "lzf", "zstd"], default="none")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--piece", type=int, default=10_000, help="cells in memory at a time")
    return p.parse_args()


def filters(compression):
    if compression == "zstd":
        import hdf5plugin

        return dict(hdf5plugin.Zstd(clevel=3))
    return {} if compression == "none" else {"compression": compression}


def tables(a, rng):
    """For each batch and type a list of genes in which each has its share of places."""
    base = rng.normal(-1.2, 2.0, a.genes)
    program = np.zeros((a.types, a.genes))
    for t in range(a.types):
        if t:
            program[t] = 0.5 * program[rng.integers(0, t)]
        hit = rng.choice(a.genes, a.genes // 20, replace=False)
        program[t, hit] += rng.normal(0.8, 1.0, hit.size)
    shift = rng.normal(0, 0.25, (a.batches, a.genes))
    place = (np.arange(TABLE) + 0.5) / TABLE
    out = np.empty((a.batches * a.types, TABLE), np.uint16 if a.genes <= 1 << 16 else np.uint32)
    for b in range(a.batches):
        for t in range(a.types):
            share = np.exp(base + program[t] + shift[b]).cumsum()
            out[b * a.types + t] = np.searchsorted(share / share[-1], place).clip(0, a.genes - 1)
    return out


def piece(rng, table, kind, depth, genes):
    """Counts of some cells: values each has, their genes in order, and the counts."""
    bursts = rng.poisson(depth / (1 + BURST) * rng.lognormal(0, 0.45, kind.size))
    cell = np.repeat(np.arange(kind.size, dtype=np.int64), bursts)
    at = rng.integers(0, TABLE, cell.size, dtype=np.int64)
    at += kind[cell] * TABLE
    key = cell * genes + table.ravel()[at]
    key = np.sort(key.astype(np.uint32) if kind.size * genes < 1 << 32 else key)
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    times = np.diff(first, append=key.size)
    count = (times + rng.poisson(BURST * times)).astype(np.float32)
    key = key[first].astype(np.int64)
    owner = key // genes
    return np.bincount(owner, minlength=kind.size), (key - owner * genes).astype(np.int32), count


def append(dataset, values, at):
    if at + values.size > dataset.shape[0]:
        dataset.resize((at + values.size,))
    dataset[at : at + values.size] = values


def main():
    a = arguments()
    started = time.perf_counter()
    rng = np.random.default_rng(a.seed)
    table = tables(a, rng)
    batch = np.sort(rng.integers(0, a.batches, a.cells))
    weight = rng.dirichlet(np.full(a.types, 2.0), a.batches).cumsum(axis=1)
    kind = (rng.random(a.cells)[:, None] > weight[batch]).sum(axis=1).clip(0, a.types - 1)
    names = [f"G{i:05d}" for i in range(a.genes)]
    names[: len(MITOCHONDRIAL)] = ["MT-" + m for m in MITOCHONDRIAL]
    obs = pd.DataFrame(
        {
            "batch": pd.Categorical([f"b{b}" for b in batch]),
            "cell_type": pd.Categorical([f"t{t}" for t in kind]),
        },
        index=[f"c{i}" for i in range(a.cells)],
    )
    var = pd.DataFrame({"mt": [n.startswith("MT-") for n in names]}, index=names)
    ad.AnnData(obs=obs, var=var).write_h5ad(a.out)

    pointers = np.zeros(a.cells + 1, np.int64)
    with h5py.File(a.out, "r+") as file:
        file.pop("X", None)
        x = file.create_group("X")
        x.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": [a.cells, a.genes]})
        how = filters(a.compression)
        parts = []
        for name, dtype in (("data", np.float32), ("indices", np.int32)):
            chunk = guess_chunk((int(a.cells * a.depth / 2),), (None,), 4)
            parts.append(x.create_dataset(name, (0,), dtype, maxshape=(None,), chunks=chunk, **how))
        for start in range(0, a.cells, a.piece):
            some = slice(start, min(a.cells, start + a.piece))
            each, genes, counts = piece(rng, table, batch[some] * a.types + kind[some], a.depth, a.genes)
            at = int(pointers[start])
            pointers[start + 1 : start + 1 + each.size] = at + each.cumsum()
            append(parts[0], counts, at)
            append(parts[1], genes, at)
        values = int(pointers[-1])
        x.create_dataset("indptr", data=pointers.astype(np.int32 if values < 1 << 31 else np.int64), **how)
    print(f"{a.out}: {a.cells} x {a.genes}, {values} values, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
