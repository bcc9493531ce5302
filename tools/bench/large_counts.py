#!/usr/bin/env python3
"""Write a large simulated count matrix as h5ad, piece by piece: memory does not grow with the cells.

    large_counts.py OUT.h5ad [--cells 500000] [--genes 10000] [--depth 2500] [--batches 10] [--types 20]
                    [--compression none|lzf|gzip] [--seed 0] [--block 10000]

Every cell draws its molecules from the genes of its type, whose shares differ a little by batch. X is a csr_matrix of
float32 with 64-bit row pointers where they need them; obs has batch and cell_type, var has mt.
"""
import argparse
import time

import h5py
import numpy as np
import scipy.sparse as sp

MITOCHONDRIAL = "ND1 ND2 CO1 CO2 ATP8 ATP6 CO3 ND3 ND4L ND4 ND5 ND6 CYB".split()


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("out")
    p.add_argument("--cells", type=int, default=500_000)
    p.add_argument("--genes", type=int, default=10_000)
    p.add_argument("--depth", type=float, default=2500, help="median molecules of a cell")
    p.add_argument("--batches", type=int, default=10)
    p.add_argument("--types", type=int, default=20)
    p.add_argument("--compression", choices=["none", "lzf", "gzip"], default="none")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--block", type=int, default=10_000)
    return p.parse_args()


def shares(a, rng):
    """Cumulative shares of the genes, one row for every type and batch."""
    base = rng.normal(0, 1.6, a.genes)
    program = np.zeros((a.types, a.genes))
    for t in range(a.types):
        if t:
            program[t] = 0.5 * program[rng.integers(0, t)]
        hit = rng.choice(a.genes, a.genes // 20, replace=False)
        program[t, hit] += rng.normal(0.8, 1.0, hit.size)
    shift = rng.normal(0, 0.25, (a.batches, a.genes))
    out = np.exp(base + program[:, None] + shift[None])
    out = np.cumsum(out, axis=2)
    return out / out[:, :, -1:]


def piece(n, kind, batch, depth, cumulative, genes, rng):
    """Counts of n cells in canonical row-compressed form."""
    molecules = np.maximum(1, rng.lognormal(np.log(depth), 0.45, n)).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(molecules)])
    drawn = np.empty(start[-1], np.int32)
    for code in np.unique(kind * 1_000 + batch):
        cells = np.flatnonzero(kind * 1_000 + batch == code)
        places = np.concatenate([np.arange(start[c], start[c + 1]) for c in cells])
        at = np.searchsorted(cumulative[code // 1_000, code % 1_000], np.sort(rng.random(places.size)))
        drawn[places] = rng.permutation(at)
    x = sp.csr_matrix((np.ones(drawn.size, np.float32), np.minimum(drawn, genes - 1), start), shape=(n, genes))
    x.sum_duplicates()
    return x


def encoded(item, kind, version):
    item.attrs["encoding-type"] = kind
    item.attrs["encoding-version"] = version
    return item


def strings(group, name, values):
    encoded(group.create_dataset(name, data=values, dtype=h5py.string_dtype()), "string-array", "0.2.0")


def categories(group, name, codes, levels):
    column = encoded(group.create_group(name), "categorical", "0.2.0")
    column.attrs["ordered"] = False
    encoded(column.create_dataset("codes", data=codes.astype(np.int8)), "array", "0.2.0")
    strings(column, "categories", levels)


def table(root, name, index, columns):
    group = encoded(root.create_group(name), "dataframe", "0.2.0")
    group.attrs["_index"] = "_index"
    group.attrs["column-order"] = np.array(columns, dtype=h5py.string_dtype())
    strings(group, "_index", index)
    return group


def main():
    a = arguments()
    rng = np.random.default_rng(a.seed)
    cumulative = shares(a, rng)
    batch = np.sort(rng.integers(0, a.batches, a.cells))
    weights = rng.dirichlet(np.full(a.types, 2.0), a.batches)
    kind = np.concatenate([rng.choice(a.types, (batch == b).sum(), p=weights[b]) for b in range(a.batches)])
    filters = {} if a.compression == "none" else {"compression": a.compression}
    if a.compression == "gzip":
        filters["compression_opts"] = 1
    begun = time.time()
    with h5py.File(a.out, "w") as f:
        encoded(f, "anndata", "0.1.0")
        x = encoded(f.create_group("X"), "csr_matrix", "0.1.0")
        x.attrs["shape"] = np.array([a.cells, a.genes])
        chunks = (1 << 18,)
        data = x.create_dataset("data", (0,), "f4", maxshape=(None,), chunks=chunks, **filters)
        indices = x.create_dataset("indices", (0,), "i4", maxshape=(None,), chunks=chunks, **filters)
        pointers = np.zeros(a.cells + 1, np.int64)
        for s in range(0, a.cells, a.block):
            e = min(a.cells, s + a.block)
            part = piece(e - s, kind[s:e], batch[s:e], a.depth, cumulative, a.genes, rng)
            at = pointers[s]
            pointers[s + 1 : e + 1] = at + part.indptr[1:]
            for target, values in ((data, part.data), (indices, part.indices)):
                target.resize((at + part.nnz,))
                target[at:] = values
            if s // a.block % 10 == 0:
                print(f"{e} cells, {pointers[e]} values, {time.time() - begun:.0f} s", flush=True)
        x.create_dataset("indptr", data=pointers)
        obs = table(f, "obs", [f"C{i:07d}" for i in range(a.cells)], ["batch", "cell_type"])
        categories(obs, "batch", batch, [f"batch{b}" for b in range(a.batches)])
        categories(obs, "cell_type", kind, [f"type{t:02d}" for t in range(a.types)])
        names = [f"G{j:05d}" for j in range(a.genes)]
        names[: len(MITOCHONDRIAL)] = ["MT-" + m for m in MITOCHONDRIAL]
        var = table(f, "var", names, ["mt"])
        flags = np.array([n.startswith("MT-") for n in names])
        encoded(var.create_dataset("mt", data=flags), "array", "0.2.0")
        for slot in ("layers", "obsm", "varm", "obsp", "varp", "uns"):
            encoded(f.create_group(slot), "dict", "0.1.0")


if __name__ == "__main__":
    main()
