"""Folders and HDF5 files of Cell Ranger, and Matrix Market files, sound and damaged."""
import gzip

import h5py
import numpy as np
import scipy.sparse as sp

import hdf5
import texts
from texts import pick

TYPES = ["Gene Expression", "Gene Expression", "Gene Expression", "Antibody Capture", "CRISPR Guide Capture"]


def coordinates(rng, m):
    """A Matrix Market text of a matrix, in one of the ways that programs write."""
    rows, cols = np.nonzero(m)
    order = rng.permutation(len(rows)) if rng.random() < 0.3 else np.arange(len(rows))
    kind = pick(rng, ["integer", "integer", "real"])
    sign = pick(rng, ["general"] * 6 + ["symmetric", "skew-symmetric", "Hermitian"])
    head = f"%%MatrixMarket matrix coordinate {kind} {sign}"
    if rng.random() < 0.15:
        head = pick(rng, [head.upper(), head.replace("%%MatrixMarket", "%%matrixmarket"), head.replace(" ", "  "), head.replace(kind, "pattern"), head.replace(kind, "complex"), head.replace("coordinate", "array"), head.replace("matrix ", ""), "%%MatrixMarket"])
    lines = [head]
    if rng.random() < 0.6:
        lines.append(pick(rng, ["%", "%metadata_json: {\"a\": 1}", "% é", ""]))
    count = len(rows) + (int(rng.integers(-1, 2)) if rng.random() < 0.1 else 0)
    lines.append(f"{m.shape[0]} {m.shape[1]} {count}")
    for k in order:
        v = m[rows[k], cols[k]]
        lines.append(f"{rows[k] + 1} {cols[k] + 1} {pick(rng, ['{}', '{}', '{:.3f}', '{:e}']).format(v) if kind == 'real' else int(v)}")
    if len(rows) and rng.random() < 0.1:
        k = int(rng.integers(len(lines) - 3)) + 3 if len(lines) > 3 else len(lines) - 1
        lines[k] = pick(rng, ["0 1 1", f"{m.shape[0] + 1} 1 1", "1 1", "1 1 1 1", "1 1 x", "1 1 1e39", "1 1 nan", "-1 1 1", "1 1 99999999999", lines[-1], "1.0 1 1", ""])
    end = pick(rng, ["\n", "\n", "\n", "\r\n"])
    return (end.join(lines) + end).encode()


def put(rng, path, data, zipped, notes):
    if rng.random() < 0.06:
        data = b"\xef\xbb\xbf" + data
        notes.append(f"bom {path.name}")
    if rng.random() < 0.12:
        data, note = texts.damage(rng, data)
        notes.append(f"{path.name} {note}")
    if zipped:
        data = gzip.compress(data)
        if rng.random() < 0.06:
            data, note = texts.damage(rng, data)
            notes.append(f"gzip {path.name} {note}")
    path.write_bytes(data)


def folder_of(rng, folder, name):
    place = folder / name
    place.mkdir()
    new = rng.random() < 0.6
    n, p = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    m = rng.poisson(0.8, (p, n))
    notes = [f"10x {'v3' if new else 'v2'} {n}x{p}"]
    genes = [f"{pick(rng, texts.NAMES)}{k}" for k in range(p)]
    if rng.random() < 0.1:
        genes[-1] = genes[0]
    kinds = [pick(rng, TYPES) for _ in range(p)]
    lines = [f"ENSG{k:05d}\t{g}" + (f"\t{t}" if new else "") for k, (g, t) in enumerate(zip(genes, kinds))]
    if rng.random() < 0.1:
        k = int(rng.integers(p))
        lines[k] = pick(rng, [lines[k] + "\tchr1\t1\t2", lines[k].split("\t")[0], lines[k] + "\t", '"' + lines[k], lines[k].replace("\t", " "), "", lines[k].replace("\t", "\t\"q\"\t", 1)])
        notes.append("odd feature line")
    if rng.random() < 0.1:
        lines = lines[:-1] if rng.random() < 0.5 else lines + ["ENSGx\tX\tGene Expression"]
        notes.append("features count")
    bars = [f"{pick(rng, ['ACGT', 'é', 'AAAC', 'ß'])}{k}-1" for k in range(n)]
    if rng.random() < 0.1:
        bars = bars[:-1] if rng.random() < 0.5 else bars + ["more-1"]
        notes.append("barcodes count")
    end = pick(rng, ["\n", "\n", "\n", "\r\n"])
    last = end if rng.random() < 0.85 else ""
    suffix = ".gz" if new else ""
    put(rng, place / ("matrix.mtx" + suffix), coordinates(rng, m), new, notes)
    put(rng, place / (("features.tsv" if new else "genes.tsv") + suffix), (end.join(lines) + last).encode(), new, notes)
    put(rng, place / ("barcodes.tsv" + suffix), (end.join(bars) + last).encode(), new, notes)
    return place, notes, "10x"


def mtx(rng, folder, name):
    m = rng.poisson(0.8, (int(rng.integers(1, 6)), int(rng.integers(1, 6))))
    notes = [f"mtx {m.shape}"]
    zipped = rng.random() < 0.3
    path = folder / (name + ".mtx" + (".gz" if zipped else ""))
    put(rng, path, coordinates(rng, m), zipped, notes)
    return path, notes, "any"


def damaged_h5(rng, path, notes, names):
    """Applies what hdf5 does to any file."""
    if rng.random() < 0.85:
        for _ in range(pick(rng, [1, 1, 2])):
            mutate = pick(rng, [m for m in hdf5.MUTATIONS if m is not hdf5.m_unknown])
            try:
                with h5py.File(path, "r+") as h:
                    notes.append(mutate(rng, h))
            except (ValueError, TypeError, OSError, KeyError, RuntimeError, OverflowError, IndexError, AttributeError):
                notes.append(f"{mutate.__name__} failed")
    if rng.random() < 0.15:
        notes.append(hdf5.rewritten(rng, path, __import__("os").replace))
    if rng.random() < 0.25:
        notes.append(hdf5.bytes_of(rng, path))


def fixed(values):
    return np.array([v.encode() for v in values], dtype="S20")


def ten_x_h5(rng, folder, name):
    path = folder / (name + ".h5")
    n, p = int(rng.integers(2, 6)), int(rng.integers(2, 6))
    m = sp.csc_matrix(rng.poisson(0.8, (p, n)).astype(pick(rng, ["i4", "i8", "f4"])))
    new = rng.random() < 0.6
    with h5py.File(path, "w") as h:
        for genome in ["matrix"] if new else pick(rng, [["GRCh38"], ["GRCh38"], ["hg19", "mm10"]]):
            g = h.create_group(genome)
            kw = {"chunks": True, "compression": "gzip"} if rng.random() < 0.5 and m.nnz else {}
            g.create_dataset("data", data=m.data, **kw)
            g.create_dataset("indices", data=m.indices.astype("i8"), **kw)
            g["indptr"], g["shape"] = m.indptr.astype("i8"), np.array([p, n], "i4")
            g["barcodes"] = fixed(f"ACGT{k}-1" for k in range(n))
            ids, genes = fixed(f"ENS{k}" for k in range(p)), fixed(f"{pick(rng, texts.NAMES)}{k}" for k in range(p))
            if new:
                f = g.create_group("features")
                f["id"], f["name"] = ids, genes
                f["feature_type"], f["genome"] = fixed(pick(rng, TYPES) for _ in range(p)), fixed(pick(rng, ["hg38", "mm10"]) if rng.random() < 0.1 else "hg38" for _ in range(p))
                f["_all_tag_keys"] = fixed(["genome"])
            else:
                g["genes"], g["gene_names"] = ids, genes
        h.attrs["filetype"] = "matrix"
    notes = [f"10x h5 {'v3' if new else 'v2'}"]
    damaged_h5(rng, path, notes, [])
    return path, notes, "10x_h5"


def loom(rng, folder, name):
    path = folder / (name + ".loom")
    n, p = int(rng.integers(2, 6)), int(rng.integers(2, 6))
    with h5py.File(path, "w") as h:
        h.create_dataset("matrix", data=rng.poisson(0.8, (p, n)).astype(pick(rng, ["f4", "f8", "i4", "u2"])), chunks=(2, 2), compression=pick(rng, [None, "gzip"]))
        rows, cols, layers = h.create_group("row_attrs"), h.create_group("col_attrs"), h.create_group("layers")
        for k in ("col_graphs", "row_graphs", "attrs"):
            h.create_group(k)
        text = lambda values: np.array(list(values), dtype=object)
        rows.create_dataset("Gene", data=text(f"{pick(rng, texts.NAMES)}{k}" for k in range(p)), dtype=hdf5.STR)
        cols.create_dataset("CellID", data=text(f"c{k}" for k in range(n)), dtype=hdf5.STR)
        if rng.random() < 0.5:
            cols["total"] = rng.normal(size=n)
            cols.create_dataset("kind", data=text(pick(rng, ["a", "bé"]) for _ in range(n)), dtype=hdf5.STR)
        if rng.random() < 0.3:
            rows["n"] = rng.integers(0, 5, p)
        if rng.random() < 0.5:
            layers["spliced"] = rng.poisson(0.5, (p, n)).astype(pick(rng, ["f4", "i4", "u2"]))
        h["attrs"]["LOOM_SPEC_VERSION"] = "3.0.0"
    notes = ["loom"]
    damaged_h5(rng, path, notes, [])
    return path, notes, "loom"


def generate(rng, folder, name):
    return {"10x": folder_of, "mtx": mtx, "10x_h5": ten_x_h5, "loom": loom}[name.rstrip("0123456789").rstrip("-")](rng, folder, name)
