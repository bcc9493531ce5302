"""Writes .h5ad files with every kind of HDF5 number, layout, filter and fill value, and what anndata reads.

Usage: dtype_family.py FOLDER [SEED]
Each file has its value in one place (X of the old and new form, parts of a sparse X, a column of obs, codes,
a value of uns). FOLDER/expected.tsv has one line per file: its name, the place, and the values as anndata
reads them, or "error". A reader is right when it gives the same values or refuses the file by name.
"""

import itertools
import sys
import warnings
from pathlib import Path

import anndata
import h5py
import numpy as np
from h5py import h5d, h5p, h5s, h5t

warnings.filterwarnings("ignore")
N, M = 6, 4


def custom_float(size, sign, exponent_at, exponent, mantissa_at, mantissa, bias, order="<"):
    base = h5t.IEEE_F64LE if order == "<" else h5t.IEEE_F64BE
    t = base.copy()
    t.set_fields(sign, exponent_at, exponent, mantissa_at, mantissa)
    t.set_ebias(bias)
    t.set_size(size)
    return t


def custom_int(base, precision, offset):
    t = base.copy()
    t.set_precision(precision)
    t.set_offset(offset)
    return t


def small(base_size, **fields):
    base = {2: h5t.IEEE_F32LE, 4: h5t.IEEE_F32LE, 8: h5t.IEEE_F64LE}[base_size]
    t = base.copy()
    t.set_fields(*fields["fields"])
    t.set_ebias(fields["bias"])
    t.set_size(base_size)
    return t


TYPES = {name: h5t.py_create(np.dtype(name)) for name in
         ["<i1", "<u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8",
          "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<f16", "<c8", "<c16", "S5", "V3"]}
TYPES["bool"] = h5t.py_create(np.dtype(bool), logical=True)
TYPES["enum"] = h5t.py_create(h5py.enum_dtype({"A": 0, "B": 1, "C": 2}, "i2"), logical=True)
TYPES["bf16"] = small(2, fields=(15, 7, 8, 0, 7), bias=127)
TYPES["f24"] = small(4, fields=(23, 15, 8, 0, 15), bias=127)
TYPES["fbias"] = small(4, fields=(31, 23, 8, 0, 23), bias=120)
TYPES["fshift"] = small(8, fields=(40, 32, 8, 9, 23), bias=127)
TYPES["i12in16"] = custom_int(h5t.STD_I16LE, 12, 0)
TYPES["i12at3"] = custom_int(h5t.STD_I16LE, 12, 3)
TYPES["u20at5"] = custom_int(h5t.STD_U32LE, 20, 5)
TYPES["u20at5be"] = custom_int(h5t.STD_U32BE, 20, 5)
TYPES["i40at7"] = custom_int(h5t.STD_I64LE, 40, 7)
TYPES["b8"] = h5t.STD_B8LE
TYPES["b16be"] = h5t.STD_B16BE
TYPES["time"] = h5t.UNIX_D32LE
TYPES["ref"] = h5t.STD_REF_OBJ
TYPES["vlenint"] = h5t.vlen_create(h5t.STD_I32LE)
TYPES["array"] = h5t.py_create(np.dtype(("<f4", (2,))))
LAYOUTS = ["contiguous", "compact", "chunked"]
FILTERS = ["none", "gzip", "shuffle", "fletcher32", "lzf", "szip", "scaleoffset", "nbit", "all"]
FILLS = ["unset", "set", "partial", "never"]
PLACES = ["legacyX", "X", "data", "indices", "obs", "codes", "uns"]


def memory(type_id):
    try:
        return type_id.dtype
    except TypeError:
        return None


def values(dtype, shape, rng):
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind in "iu":
        return rng.integers(0, 3, shape).astype(dtype)
    if dtype.kind == "f":
        return (rng.integers(0, 40, shape) / 4).astype(dtype)
    if dtype.kind == "c":
        return (rng.integers(0, 9, shape) + 1j).astype(dtype)
    if dtype.kind == "S":
        return rng.choice([b"a", b"bc", b"defgh"], shape).astype(dtype)
    return None


def write(group, name, type_id, shape, layout, filtered, fill, rng):
    plist = h5p.create(h5p.DATASET_CREATE)
    if layout == "compact":
        plist.set_layout(h5d.COMPACT)
    if layout == "chunked":
        plist.set_chunk(tuple(max(1, (s + 1) // 2) for s in shape))
        if filtered in ("shuffle", "all"):
            plist.set_shuffle()
        if filtered in ("gzip", "all"):
            plist.set_deflate(4)
        if filtered in ("fletcher32", "all"):
            plist.set_fletcher32()
        if filtered == "lzf":
            plist.set_filter(h5py.h5z.FILTER_LZF, h5py.h5z.FLAG_OPTIONAL)
        if filtered == "szip":
            plist.set_szip(h5py.h5z.SZIP_NN_OPTION_MASK, 2)
        if filtered == "scaleoffset":
            plist.set_scaleoffset(h5py.h5z.SO_INT, 0)
        if filtered == "nbit":
            plist.set_filter(h5py.h5z.FILTER_NBIT)
    dtype = memory(type_id)
    if fill != "unset" and dtype is not None and dtype.kind in "biuf":
        plist.set_fill_value(np.array(1, dtype))
    dataset = h5d.create(group.id, name.encode(), type_id, h5s.create_simple(shape, shape), plist)
    data = values(dtype, shape, rng) if dtype is not None else None
    if data is not None and fill != "never":
        if fill == "partial" and layout == "chunked":
            half = (max(1, (shape[0] + 1) // 2),) + shape[1:]
            space = dataset.get_space()
            space.select_hyperslab((0,) * len(shape), half)
            dataset.write(h5s.create_simple(half), space, np.ascontiguousarray(data[: half[0]]))
        else:
            dataset.write(h5s.ALL, h5s.ALL, np.ascontiguousarray(data))
    return h5py.Dataset(dataset)


def encode(dataset):
    dataset.attrs["encoding-type"] = "array"
    dataset.attrs["encoding-version"] = "0.2.0"


def build(path, place, *how):
    rng = how[-1]
    x = anndata.AnnData(np.ones((N, M), np.float32) if place not in ("data", "indices") else None,
                        obs={"a": np.arange(N)}, shape=None if place not in ("data", "indices") else (N, M))
    x.obs["c"] = np.array(list("abcabc")[:N])
    x.write_h5ad(path)
    with h5py.File(path, "r+") as f:
        if place in ("legacyX", "X"):
            del f["X"]
            d = write(f, "X", how[0], (N, M), *how[1:])
            if place == "X":
                encode(d)
        elif place in ("data", "indices"):
            if "X" in f:
                del f["X"]
            g = f.create_group("X")
            g.attrs["encoding-type"], g.attrs["encoding-version"] = "csr_matrix", "0.1.0"
            g.attrs["shape"] = np.array([N, M])
            if place == "data":
                write(g, "data", how[0], (N,), *how[1:])
                g["indices"] = np.arange(N, dtype="i4") % M
            else:
                g["data"] = np.arange(1, N + 1, dtype="f4")
                write(g, "indices", how[0], (N,), *how[1:])
            g["indptr"] = np.arange(N + 1, dtype="i4")
        elif place == "obs":
            del f["obs/a"]
            encode(write(f["obs"], "a", how[0], (N,), *how[1:]))
        elif place == "codes":
            del f["obs/c/codes"]
            encode(write(f["obs/c"], "codes", how[0], (N,), *how[1:]))
        else:
            encode(write(f["uns"], "v", how[0], (N,), *how[1:]))


def shown(place, a):
    if place in ("legacyX", "X", "data", "indices"):
        v = a.X.toarray() if hasattr(a.X, "toarray") else np.asarray(a.X)
    elif place == "obs":
        v = a.obs["a"].to_numpy()
    elif place == "codes":
        v = a.obs["c"].cat.codes.to_numpy()
    else:
        v = np.asarray(a.uns["v"])
    if v.dtype.kind in "SOU":
        return " ".join(x.decode() if isinstance(x, bytes) else str(x) for x in v.ravel())
    if v.dtype.kind not in "biuf":
        return "other " + str(v.dtype)
    return " ".join(repr(float(x)) for x in v.ravel())


def main():
    folder = Path(sys.argv[1])
    rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with open(folder / "expected.tsv", "w") as out:
        for place, name, layout, fill in itertools.product(PLACES, TYPES, LAYOUTS, FILLS):
            filters = FILTERS if layout == "chunked" and fill in ("set", "partial") else ["none"]
            for filtered in filters:
                file = folder / f"{count:05d}_{place}_{name.strip('<>')}_{layout}_{filtered}_{fill}.h5ad"
                try:
                    build(file, place, TYPES[name], layout, filtered, fill, rng)
                except Exception:  # HDF5 itself refuses many combinations
                    file.unlink(missing_ok=True)
                    continue
                try:
                    text = shown(place, anndata.read_h5ad(file))
                except Exception as e:
                    text = "error " + type(e).__name__
                out.write(f"{file.name}\t{place}\t{text}\n")
                count += 1
    print(count, "files")


if __name__ == "__main__":
    main()
