"""Valid .h5ad files of every layout, and what is done to them. All from one generator of random numbers per file."""
import os

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import scipy.sparse as sp

ad.settings.allow_write_nullable_strings = True
STR = h5py.string_dtype()
LAYOUTS = ["current", "current", "current", "v0.7", "v0.6"]
N, P = 6, 5
WORDS = ["alpha", "b", "", "Zürich", "x y", "naïve", "'q'", "日本", "NA", "1.5"]


def pick(rng, seq):
    return seq[int(rng.integers(len(seq)))]


def counts(rng, n, p, dtype):
    m = rng.poisson(1.0, (n, p)).astype(dtype)
    return m


def any_matrix(rng, n, p):
    dtype = pick(rng, ["f4", "f4", "f4", "f8", "i4", "i8", "u1", "f2", "u2", "i2", "u4", "?"])
    m = counts(rng, n, p, dtype)
    if dtype in ("f4", "f8") and rng.random() < 0.3:
        m = (m * rng.normal(size=m.shape)).astype(dtype)
    form = pick(rng, ["csr", "csr", "csc", "dense"])
    if form == "dense" or dtype in ("f2", "?"):
        return m
    return sp.csr_matrix(m) if form == "csr" else sp.csc_matrix(m)


def columns(rng, n, prefix):
    t = pd.DataFrame(index=[f"{prefix}{k}" for k in range(n)])
    if rng.random() < 0.3:
        t.index.name = pick(rng, ["cell", "index", "barcode"])
    makers = {
        "cat": lambda: pd.Categorical(rng.choice(WORDS[:4], n)),
        "ord": lambda: pd.Categorical(rng.choice(["lo", "hi"], n), categories=["lo", "mid", "hi"], ordered=True),
        "catmiss": lambda: pd.Categorical([None if z < 0.3 else pick(rng, ["p", "q"]) for z in rng.random(n)]),
        "catnum": lambda: pd.Categorical(rng.integers(0, 3, n)),
        "f64": lambda: rng.normal(size=n), "f32": lambda: rng.normal(size=n).astype("f4"),
        "f16": lambda: rng.normal(size=n).astype("f2"), "nan": lambda: np.where(rng.random(n) < 0.5, np.nan, 1.0),
        "i64": lambda: rng.integers(-2**62, 2**62, n), "i32": lambda: rng.integers(-9, 9, n).astype("i4"),
        "i8": lambda: rng.integers(-9, 9, n).astype("i1"), "u8": lambda: rng.integers(0, 255, n).astype("u1"),
        "u16": lambda: rng.integers(0, 65535, n).astype("u2"), "u64": lambda: rng.integers(0, 2**64 - 1, n, dtype="u8"),
        "flag": lambda: rng.random(n) < 0.5,
        "text": lambda: np.array([f"t{z}é" for z in rng.permutation(n)], dtype=object),
        "nint": lambda: pd.array([None if z < 0.3 else int(9 * z) for z in rng.random(n)], dtype=pick(rng, ["Int32", "UInt8", "Int64"])),
        "nbool": lambda: pd.array([None if z < 0.3 else bool(z > 0.6) for z in rng.random(n)], dtype="boolean"),
        "nstr": lambda: pd.array([None if z < 0.3 else f"s{z:.1f}" for z in rng.random(n)], dtype="string"),
    }
    for name, make in makers.items():
        if rng.random() < 0.4:
            t[name] = make()
    return t


def uns(rng):
    makers = {
        "text": lambda: pick(rng, WORDS), "int": lambda: int(rng.integers(-9, 9)), "float": lambda: float(rng.normal()),
        "flag": lambda: bool(rng.random() < 0.5), "np32": lambda: np.float32(1.5), "u8": lambda: np.uint8(7),
        "arr": lambda: rng.normal(size=(2, 3)), "iarr": lambda: rng.integers(0, 9, 4), "cube": lambda: rng.normal(size=(2, 2, 2)).astype("f4"),
        "texts": lambda: np.array(["a", "bé", ""], dtype=object), "cat_colors": lambda: np.array(["#ff0000", "#00ff00", "#0000ff", "#123456"], dtype=object),
        "rec": lambda: np.array([("g1", 1.0), ("g2", 2.5)], dtype=[("names", "O"), ("scores", "f8")]),
        "recnum": lambda: np.array([(1, 1.0), (2, 2.5)], dtype=[("a", "i4"), ("b", "f4")]),
        "table": lambda: columns(rng, 3, "r"), "sparse": lambda: sp.random(3, 3, 0.5, "csr", random_state=1),
        "cat": lambda: pd.Categorical(["u", "v", "u"]), "empty": lambda: {}, "none": lambda: None,
        "log1p": lambda: {"base": None}, "bools": lambda: np.array([True, False]),
        "nested": lambda: {"a": {"b": {"c": 1, "d": "deep"}}, "params": {"n": 5, "method": "umap"}},
        "emptyarr": lambda: np.zeros((0, 3)), "onestring": lambda: np.array(["only"], dtype=object),
    }
    return {k: make() for k, make in makers.items() if rng.random() < 0.35}


def make(rng, path):
    """A file of today's layout."""
    n, p = N + int(rng.integers(3)), P + int(rng.integers(3))
    a = ad.AnnData(any_matrix(rng, n, p) if rng.random() < 0.93 else None, obs=columns(rng, n, "c"), var=columns(rng, p, "g"))
    for k in range(int(rng.integers(3))):
        a.layers[f"l{k}"] = any_matrix(rng, n, p)
    if rng.random() < 0.6:
        a.obsm["X_pca"] = rng.normal(size=(n, 3)).astype(pick(rng, ["f4", "f8"]))
    if rng.random() < 0.3:
        a.obsm["df"] = columns(rng, n, "x").set_axis(a.obs_names)
    if rng.random() < 0.2:
        a.obsm["sp"] = sp.random(n, 4, 0.4, "csr", random_state=2)
    if rng.random() < 0.2:
        a.obsm["cube"] = rng.normal(size=(n, 2, 2))
    if rng.random() < 0.4:
        a.varm["PCs"] = rng.normal(size=(p, 3))
    if rng.random() < 0.4:
        a.obsp["connectivities"] = sp.random(n, n, 0.4, "csr", random_state=3).astype("f4")
    if rng.random() < 0.2:
        a.varp["corr"] = rng.normal(size=(p, p))
    a.uns = uns(rng)
    if a.X is not None and rng.random() < 0.35:
        a.raw = a.copy()
    options = {"compression": pick(rng, [None, None, None, "gzip", "gzip", "lzf"])}
    a.write_h5ad(path, **options)
    return f"current n={n} p={p} {options['compression']}"


def text_array(group, name, values):
    group.create_dataset(name, data=np.array(values, dtype=object), dtype=STR)


def make07(rng, path):
    """anndata 0.7: dataframe 0.1.0 with references to categories, csr_matrix without a version for text."""
    n, p = N, P
    with h5py.File(path, "w") as h:
        matrix07(rng, h, "X", n, p)
        for name, rows, pre in (("obs", n, "c"), ("var", p, "g")):
            g = h.create_group(name)
            g.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.1.0", "_index": "index"})
            text_array(g, "index", [f"{pre}{k}" for k in range(rows)])
            cols = ["num", "cat", "word"]
            g["num"] = rng.normal(size=rows)
            cats = g.create_group("__categories")
            text_array(cats, "cat", ["a", "b", "ç"])
            g["cat"] = rng.integers(-1, 3, rows).astype("i1")
            g["cat"].attrs["categories"] = cats["cat"].ref
            if rng.random() < 0.5:
                cats["cat"].attrs["ordered"] = bool(rng.random() < 0.5)
            text_array(g, "word", [f"w{k}" for k in range(rows)])
            if rng.random() < 0.5:
                g["flag"] = rng.random(rows) < 0.5
                cols.append("flag")
            g.attrs.create("column-order", np.array(cols, dtype=object), dtype=STR)
        for s in ("obsm", "varm", "obsp", "layers"):
            h.create_group(s)
        h["obsm"]["X_pca"] = rng.normal(size=(n, 2)).astype("f4")
        matrix07(rng, h["obsp"], "conn", n, n)
        u = h.create_group("uns")
        u["k"] = "text"
        u["num"] = 3
        u["arr"] = np.arange(4)
        text_array(u, "cat_colors", ["#f00", "#0f0", "#00f"])
        u.create_group("neighbors").create_group("params")["n_neighbors"] = 15
        if rng.random() < 0.5:
            r = h.create_group("raw")
            matrix07(rng, r, "X", n, p)
            h.copy("var", r)
            point(h)
            r.create_group("varm")
    return "v0.7"


def point(h):
    """Copies keep references to the original's categories: each table refers to its own."""
    for name in ("obs", "var", "raw/var"):
        if isinstance(h.get(name), h5py.Group) and isinstance(h[name].get("__categories"), h5py.Group):
            for k, labels in h[name]["__categories"].items():
                if isinstance(h[name].get(k), h5py.Dataset) and "categories" in h[name][k].attrs:
                    h[name][k].attrs["categories"] = labels.ref


def matrix07(rng, group, name, n, p):
    m = counts(rng, n, p, pick(rng, ["f4", "f8", "i8"]))
    if rng.random() < 0.3:
        group[name] = m
        return
    s = sp.csr_matrix(m)
    g = group.create_group(name)
    g.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": np.array([n, p])})
    g["data"], g["indices"], g["indptr"] = s.data, s.indices, s.indptr


def make06(rng, path):
    """anndata 0.5 and 0.6: tables as compound arrays, sparse by h5sparse attributes, categories in uns."""
    n, p = N, P
    with h5py.File(path, "w") as h:
        m = counts(rng, n, p, "f4")
        if rng.random() < 0.4:
            h["X"] = m
        else:
            s = sp.csr_matrix(m)
            g = h.create_group("X")
            g.attrs["h5sparse_format"] = "csr"
            g.attrs["h5sparse_shape"] = np.array([n, p])
            g["data"], g["indices"], g["indptr"] = s.data, s.indices, s.indptr
        for name, rows, pre in (("obs", n, "c"), ("var", p, "g")):
            text = STR if rng.random() < 0.5 else "S5"
            t = np.zeros(rows, dtype=[("index", text), ("num", "f8"), ("cat", "i1"), ("word", text), ("count", "i4"), ("flag", "?")])
            t["index"] = [f"{pre}{k}".encode() for k in range(rows)]
            t["num"], t["cat"], t["count"] = rng.normal(size=rows), rng.integers(0, 2, rows), rng.integers(0, 9, rows)
            t["word"] = [f"w{k}".encode() for k in range(rows)]
            h[name] = t
        if rng.random() < 0.7:
            h["obsm"] = np.zeros(n, dtype=[("X_pca", "f4", (2,)), ("X_umap", "f8", (2,))])
        u = h.create_group("uns")
        if rng.random() < 0.7:
            text_array(u, "cat_categories", ["a", "b"])
        text_array(u, "cat_colors", ["#f00", "#0f0"])
        u["k"] = np.array(["text"], dtype="S4") if rng.random() < 0.5 else "text"
        u["arr"] = np.arange(3.0)
        if rng.random() < 0.5:
            h["raw.X"] = m
            h["raw.var"] = h["var"][...]
    return "v0.6"


# ------------------------------------------------------------------------------------------------- mutations

def walk(h):
    """Paths of all objects by hard links, groups once each."""
    out = []
    h.visit(out.append)
    return out


def datasets(h):
    return [k for k in walk(h) if isinstance(h.get(k, getlink=False), h5py.Dataset)]


def groups(h):
    return ["/"] + [k for k in walk(h) if isinstance(h.get(k), h5py.Group)]


def swap(h, key, **how):
    """Replaces a dataset by another of the same attributes."""
    old = dict(h[key].attrs)
    del h[key]
    d = h.create_dataset(key, **how)
    for k, v in old.items():
        d.attrs[k] = v
    return d


def m_attribute(rng, h):
    keys = [k for k in ["/"] + walk(h) if len(h[k].attrs)]
    key = pick(rng, keys)
    name = pick(rng, sorted(h[key].attrs))
    attrs = h[key].attrs
    way = int(rng.integers(9))
    if way == 0:
        del attrs[name]
    elif way == 1:
        attrs[name] = pick(rng, ["", "array", "csr_matrix", "csc_matrix", "dataframe", "dict", "string", "categorical", "string-array",
                                 "nullable-integer", "nullable-boolean", "nullable-string-array", "numeric-scalar", "null", "rec-array", "raw", "anndata", "0.1.0", "0.2.0", "0.3.0", "awkward-array", "new-thing"])
    elif way == 2:
        attrs[name] = pick(rng, [0, 1, -1, 2**40, 1.5, True, np.nan])
    elif way == 3:
        attrs.create(name, np.bytes_(str(attrs[name])[:20]))
    elif way == 4:
        attrs[name] = np.array(pick(rng, [[1, 2], [6, 5], [5, 6], [6, 5, 1], [-6, 5], [0, 0], [2**31, 2], [6], []]))
    elif way == 5:
        attrs.create(name, np.array([str(attrs[name])[:20]], dtype=object), dtype=STR)
    elif way == 6:
        attrs[name] = h5py.Empty(pick(rng, ["f8", "S3", STR]))
    elif way == 7:
        v = attrs[name]
        if isinstance(v, np.ndarray) and v.size:
            v = v.copy().ravel()
            v[int(rng.integers(v.size))] = v[int(rng.integers(v.size))]
            attrs.create(name, v, dtype=STR if v.dtype.kind == "O" else v.dtype)
        else:
            attrs[name] = str(v).upper()
    else:
        for k in range(20):
            attrs[f"extra{k}"] = "x" * 300
    return f"attribute {key}@{name} way {way}"


NUMBERS = ["f2", "f4", "f8", ">f4", ">f8", ">i4", ">u2", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?", "c8", "c16", "g"]


def m_dtype(rng, h):
    key = pick(rng, datasets(h))
    old = h[key][()]
    shape = h[key].shape or ()
    size = int(np.prod(shape))
    way = int(rng.integers(8))
    if way <= 2:
        t = pick(rng, NUMBERS)
        try:
            data = np.asarray(old).astype(t)
        except (ValueError, TypeError):
            data = rng.integers(0, 3, shape).astype(t)
        swap(h, key, data=data)
        return f"dtype {key} {t}"
    if way == 3:
        text = np.array([pick(rng, WORDS) for _ in range(size)], dtype=object).reshape(shape)
        if rng.random() < 0.5:
            swap(h, key, data=text, dtype=pick(rng, [STR, h5py.string_dtype("ascii")]) if all(w.isascii() for w in text.ravel()) else STR)
            return f"dtype {key} text"
        length = int(rng.integers(1, 9))
        enc = np.array([w.encode()[:length].decode(errors="ignore").encode() for w in text.ravel()], dtype=f"S{length}").reshape(shape)
        swap(h, key, data=enc, dtype=h5py.string_dtype(pick(rng, ["utf-8", "ascii"]), length))
        return f"dtype {key} fixed text {length}"
    if way == 4:
        return odd_number(rng, h, key, old, shape)
    if way == 5:
        kinds = ["enum", "enum8", "opaque", "compound", "array", "vlen", "reference", "bitfield", "bool3"]
        return odd_kind(rng, h, key, shape, size, pick(rng, kinds))
    if way == 6:
        return padded_text(rng, h, key, shape, size)
    swap(h, key, data=np.asarray(old).astype(">i8") if np.asarray(old).dtype.kind in "iu" else old)
    return f"dtype {key} big-endian"


def raw_swap(h, key, tid, data, mem=None, shape=None, plist=None):
    """Replaces a dataset with one of a type that only the low level can make."""
    old = dict(h[key].attrs)
    shape = h[key].shape if shape is None else shape
    del h[key]
    space = h5py.h5s.create_simple(shape) if shape else h5py.h5s.create(h5py.h5s.SCALAR)
    d = h5py.h5d.create(h.id, key.encode(), tid, space, dcpl=plist)
    if data is not None:
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, data, mtype=mem)
    for k, v in old.items():
        h[key].attrs[k] = v


def odd_number(rng, h, key, old, shape):
    """Numbers of widths, offsets and bit layouts that NumPy has no type for."""
    way = pick(rng, ["bf16", "precision", "offset", "f24", "i3", "padone", "bias"])
    old = np.asarray(old)
    data = np.ascontiguousarray(old.astype("f4") if old.dtype.kind in "fiub" else rng.normal(size=shape).astype("f4"))
    ints = np.ascontiguousarray(np.nan_to_num(data)).astype("i4")
    if way == "bf16":
        t = h5py.h5t.IEEE_F32LE.copy()
        t.set_fields(15, 7, 8, 0, 7)
        t.set_size(2)
        t.set_precision(16) if False else None
        raw_swap(h, key, t, data, h5py.h5t.NATIVE_FLOAT)
    elif way == "f24":
        t = h5py.h5t.IEEE_F32LE.copy()
        t.set_fields(31, 20, 11, 0, 20)
        t.set_ebias(1023)
        raw_swap(h, key, t, data, h5py.h5t.NATIVE_FLOAT)
    elif way == "bias":
        t = h5py.h5t.IEEE_F64LE.copy()
        t.set_ebias(1000)
        raw_swap(h, key, t, data.astype("f8"), h5py.h5t.NATIVE_DOUBLE)
    elif way == "i3":
        t = h5py.h5t.STD_I32LE.copy()
        t.set_precision(24)
        t.set_size(3)
        raw_swap(h, key, t, ints, h5py.h5t.NATIVE_INT32)
    else:
        t = pick(rng, [h5py.h5t.STD_I32LE, h5py.h5t.STD_U32LE, h5py.h5t.STD_I16LE, h5py.h5t.STD_I64BE]).copy()
        t.set_precision(int(rng.integers(5, 13)))
        if way == "offset":
            t.set_offset(int(rng.integers(1, 4)))
        raw_swap(h, key, t, ints, h5py.h5t.NATIVE_INT32)
    return f"number {key} {way}"


def odd_kind(rng, h, key, shape, size, kind):
    codes = rng.integers(0, 2, shape)
    if kind == "enum":
        swap(h, key, data=codes.astype("i4"), dtype=h5py.enum_dtype({"A": 0, "B": 1}, "i4"))
    elif kind == "enum8":
        swap(h, key, data=codes.astype("i1"), dtype=h5py.enum_dtype({"FALSE": 1, "TRUE": 0}, "i1"))
    elif kind == "bool3":
        swap(h, key, data=rng.integers(0, 3, shape).astype("i1"), dtype=h5py.enum_dtype({"FALSE": 0, "TRUE": 1, "X": 2}, "i1"))
    elif kind == "opaque":
        swap(h, key, data=np.zeros(shape, "V3"))
    elif kind == "compound":
        swap(h, key, data=np.zeros(shape, [("a", "i4"), ("b", "f8"), ("c", "S3")]))
    elif kind == "array":
        swap(h, key, data=np.zeros(shape, [("v", "f4", (2,))])) if rng.random() < 0.5 else swap(h, key, shape=shape, dtype=np.dtype(("i4", (2,))))
    elif kind == "vlen":
        swap(h, key, shape=shape, dtype=h5py.vlen_dtype("i4"))
    elif kind == "reference":
        swap(h, key, shape=shape, dtype=h5py.ref_dtype)
    else:
        raw_swap(h, key, h5py.h5t.STD_B8LE, codes.astype("u1"), h5py.h5t.NATIVE_B8)
    return f"kind {key} {kind}"


def padded_text(rng, h, key, shape, size):
    t = h5py.h5t.C_S1.copy()
    n = int(rng.integers(1, 7))
    t.set_size(n)
    pad = pick(rng, [h5py.h5t.STR_NULLTERM, h5py.h5t.STR_NULLPAD, h5py.h5t.STR_SPACEPAD])
    t.set_strpad(pad)
    t.set_cset(pick(rng, [h5py.h5t.CSET_ASCII, h5py.h5t.CSET_UTF8]))
    text = pick(rng, [b"ab", b"a b ", b"abcdefgh", b"\xe9t", b"a\x00b", b"\xff\xfe", b""])
    fill = b" " if pad == h5py.h5t.STR_SPACEPAD else b"\x00"
    data = np.frombuffer((text[:n].ljust(n, fill)) * max(size, 1), dtype=f"V{n}").reshape(shape).copy()
    raw_swap(h, key, t, data, t)
    return f"padded text {key} {n} {pad} {text!r}"


def m_shape(rng, h):
    key = pick(rng, datasets(h))
    old = h[key][()]
    old = np.asarray(old) if not isinstance(old, h5py.Empty) else np.zeros(3)
    text = old.dtype.kind == "O"
    kw = {"dtype": h[key].dtype} if text else {}
    way = int(rng.integers(8))
    if way == 0:
        data = old[:-1] if old.ndim else old.reshape(1)
    elif way == 1:
        data = np.concatenate([old, old[:1]]) if old.ndim and len(old) else old.reshape(-1)
    elif way == 2:
        data = old.reshape(old.shape + (1,))
    elif way == 3:
        data = old.ravel()[:1].reshape(()) if old.size else old
    elif way == 4:
        data = old.reshape((1,) + old.shape)
    elif way == 5:
        swap(h, key, shape=(0,) * max(old.ndim, 1), dtype=h[key].dtype)
        return f"shape {key} empty"
    elif way == 6:
        data = old.T if old.ndim == 2 else old.ravel()[::-1]
    else:
        old_attrs = dict(h[key].attrs)
        dt = h[key].dtype
        del h[key]
        h[key] = h5py.Empty(dt)
        for k, v in old_attrs.items():
            h[key].attrs[k] = v
        return f"shape {key} null space"
    swap(h, key, data=data, **kw)
    return f"shape {key} way {way}"


def m_storage(rng, h):
    """Chunks, filters, fill values, space that was never written."""
    key = pick(rng, [k for k in datasets(h) if h[k].shape])if any(h[k].shape for k in datasets(h)) else pick(rng, datasets(h))
    d = h[key]
    if not d.shape or 0 in d.shape:
        return "none"
    old, dt, shape = d[()], d.dtype, d.shape
    numeric = dt.kind in "iufb"
    kw = {}
    if rng.random() < 0.8:
        kw["chunks"] = tuple(int(rng.integers(1, s + 2)) for s in shape)
        if rng.random() < 0.5:
            kw["maxshape"] = tuple(None if rng.random() < 0.5 else s + int(rng.integers(0, 4)) for s in shape)
        kw["chunks"] = tuple(min(c, s) for c, s in zip(kw["chunks"], shape)) if "maxshape" not in kw or None not in kw["maxshape"] else kw["chunks"]
        way = int(rng.integers(7))
        if way == 0:
            kw["compression"], kw["compression_opts"] = "gzip", int(rng.integers(0, 10))
        elif way == 1:
            kw["compression"] = "lzf"
        elif way == 2 and dt.kind in "iu":
            kw["scaleoffset"] = 0
        elif way == 3 and dt.kind == "f" and dt.itemsize > 2:
            kw["scaleoffset"] = 3
        if rng.random() < 0.4 and "scaleoffset" not in kw:
            kw["shuffle"] = True
        if rng.random() < 0.3 and "scaleoffset" not in kw:
            kw["fletcher32"] = True
    if rng.random() < 0.5:
        kw["fillvalue"] = (int(rng.integers(1, 5)) if numeric else None) if dt.kind != "O" else pick(rng, [None, b"fill"])
        if dt.kind == "b" and kw["fillvalue"] is not None:
            kw["fillvalue"] = True
    if kw.get("fillvalue") is None:
        kw.pop("fillvalue", None)
    part = rng.random()
    if part < 0.5:
        swap(h, key, data=old, **({"dtype": dt} if dt.kind == "O" else {}), **kw)
    else:
        d = swap(h, key, shape=shape, dtype=dt, **kw)
        if part < 0.8:
            take = int(rng.integers(0, shape[0] + 1))
            if take:
                d[:take] = old[:take]
    return f"storage {key} {kw} part {part:.2f}"


def m_plist(rng, h):
    """Compact, early and late allocation, fill never, by the low level."""
    keys = [k for k in datasets(h) if h[k].dtype.kind in "iuf" and h[k].shape and 0 not in h[k].shape]
    if not keys:
        return "none"
    key = pick(rng, keys)
    d = h[key]
    old = np.ascontiguousarray(d[()])
    pl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout = pick(rng, [h5py.h5d.COMPACT, h5py.h5d.CONTIGUOUS, h5py.h5d.CHUNKED])
    pl.set_layout(layout)
    filt = ""
    if layout == h5py.h5d.CHUNKED:
        pl.set_chunk(tuple(int(rng.integers(1, s + 1)) for s in d.shape))
        filt = pick(rng, ["", "nbit", "szip", "optional", "mask"])
        if filt == "nbit":
            pl.set_filter(h5py.h5z.FILTER_NBIT, 0, ()) if hasattr(h5py.h5z, "FILTER_NBIT") else None
        elif filt == "optional":
            pl.set_shuffle()
            pl.set_deflate(1)
            pl.set_fletcher32()
    when = pick(rng, [h5py.h5d.ALLOC_TIME_EARLY, h5py.h5d.ALLOC_TIME_LATE, h5py.h5d.ALLOC_TIME_INCR])
    if layout != h5py.h5d.COMPACT:
        pl.set_alloc_time(when)
    if rng.random() < 0.5:
        pl.set_fill_value(np.asarray(2, old.dtype))
    if rng.random() < 0.3 and layout != h5py.h5d.COMPACT:
        pl.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    mtype = h5py.h5t.py_create(old.dtype)
    written = rng.random() < 0.7
    attrs = dict(d.attrs)
    tid = d.id.get_type()
    del h[key]
    new = h5py.h5d.create(h.id, key.encode(), tid, h5py.h5s.create_simple(old.shape), dcpl=pl)
    if written and filt == "mask" and layout == h5py.h5d.CHUNKED:
        new.write_direct_chunk((0,) * old.ndim, np.zeros(pl.get_chunk(), old.dtype).tobytes(), 0)
    elif written:
        new.write(h5py.h5s.ALL, h5py.h5s.ALL, old, mtype=mtype)
    for k, v in attrs.items():
        h[key].attrs[k] = v
    return f"plist {key} layout {layout} {filt} alloc {when} written {written}"


def m_link(rng, h):
    key = pick(rng, walk(h))
    way = int(rng.integers(8))
    parent = h[key].parent
    name = key.rsplit("/", 1)[-1]
    if way == 0:
        h.move(key, "elsewhere")
        parent[name] = h5py.SoftLink("/elsewhere")
    elif way == 1:
        parent[name + "_2"] = h[key]
    elif way == 2:
        del parent[name]
        parent[name] = h5py.SoftLink("/nowhere")
    elif way == 3:
        del parent[name]
        parent[name] = h5py.ExternalLink("other.h5", "/x")
    elif way == 4:
        g = pick(rng, groups(h))
        h[g]["loop"] = h[pick(rng, groups(h))]
    elif way == 5:
        del parent[name]
        parent[name] = h5py.SoftLink(h[parent.name].name.rstrip("/") + "/" + name)
    elif way == 6:
        del parent[name]
    else:
        other = pick(rng, [k for k in walk(h)])
        del parent[name]
        if other in h:
            parent[name] = h[other]
    return f"link {key} way {way}"


def m_value(rng, h):
    """Numbers that no longer fit: indices, codes, pointers, masks, names that repeat."""
    keys = [k for k in datasets(h) if h[k].shape and h[k].size]
    if not keys:
        return "none"
    likely = [k for k in keys if k.rsplit("/", 1)[-1] in ("indices", "indptr", "codes", "mask", "values", "data", "_index", "index", "categories", "cat")]
    key = pick(rng, likely if likely and rng.random() < 0.7 else keys)
    d = h[key]
    v = d[()]
    flat = v.ravel()
    i = int(rng.integers(flat.size))
    if v.dtype.kind in "iu":
        flat[i] = np.asarray(pick(rng, [0, 1, 3, 100, -1, -2, 2**31 - 1, 2**31, 2**62])).astype(v.dtype)
    elif v.dtype.kind == "f":
        flat[i] = pick(rng, [np.nan, np.inf, -np.inf, -0.0, 1e-320, 3e38, 16777217.0])
    elif v.dtype.kind == "b":
        flat[i] = not flat[i]
    elif v.dtype.kind == "O":
        flat[i] = pick(rng, ["", "x\ny", "x\x1by", "same", flat[(i + 1) % flat.size], "a" * 300, b"\xff\xfe", b"a\xe9"])
    if rng.random() < 0.3 and flat.size > 1 and v.dtype.kind != "O":
        flat[:] = flat[::-1].copy()
    try:
        d[...] = flat.reshape(v.shape)
    except (TypeError, ValueError):
        return "none"
    return f"value {key}[{i}]"


def m_name(rng, h):
    key = pick(rng, walk(h))
    new = pick(rng, ["x y", "é", "日本", "a\nb", "a\tb", "__categories", "_index", "a.b", "'", "..", "." * 3, "X", "obs", "a" * 500, "\x1b[31m"])
    parent = h[key].parent
    name = key.rsplit("/", 1)[-1]
    if new in parent:
        return "none"
    parent.move(name, new)
    return f"name {key} -> {new!r}"


def m_unknown(rng, h):
    """An element of an encoding that nobody knows; bytes of it may be damaged afterwards."""
    g = h[pick(rng, ["uns", "uns", "uns", "obsm", "layers", "obs", "obsp"])] if "uns" in h else h
    if not isinstance(g, h5py.Group):
        return "none"
    way = int(rng.integers(5))
    if way == 0:
        e = g.create_dataset("mystery", data=rng.normal(size=(4, 3)), chunks=(2, 2), compression="gzip")
    elif way == 1:
        e = g.create_group("mystery")
        e["a"] = rng.normal(size=9)
        text_array(e, "t", ["p", "qé"])
        e.create_group("sub")["z"] = np.zeros(3, [("a", "i4"), ("b", "S3")])
    elif way == 2:
        e = g.create_dataset("mystery", data=np.zeros(5, [("a", STR), ("b", h5py.vlen_dtype("i4"))]))
    elif way == 3:
        e = g.create_dataset("mystery", data=np.array(["v"] * 40, dtype=object), dtype=STR, chunks=(7,))
    else:
        e = g.create_group("mystery")
        e["ref"] = h["obs"].ref
        e["soft"] = h5py.SoftLink("/X")
        e["vl"] = np.zeros(3, dtype=object) if False else np.arange(3)
    e.attrs["encoding-type"] = pick(rng, ["mystery", "awkward-array", "zzz", "datetime"])
    e.attrs["encoding-version"] = "0.1.0"
    if rng.random() < 0.5:
        e.attrs["more"] = pick(rng, [np.arange(5), "text", np.array(["a", "b"], dtype="S2"), 1.5])
    return f"unknown {e.name} way {way}"


MUTATIONS = [m_attribute, m_dtype, m_dtype, m_shape, m_storage, m_storage, m_plist, m_link, m_value, m_value, m_name, m_unknown]


def rewritten(rng, path, rename):
    """The same file by another version of the format: other headers, indices of chunks, tables of links."""
    low, high = pick(rng, [("earliest", "latest"), ("v108", "v108"), ("v110", "v110"), ("v112", "v112"), ("latest", "latest"), ("v114", "v114")])
    other = str(path) + ".again"
    kw = {"track_order": True} if rng.random() < 0.4 else {}
    if rng.random() < 0.2:
        kw["userblock_size"] = 512
    try:
        with h5py.File(path) as h, h5py.File(other, "w", libver=(low, high), **kw) as o:
            for k in h:
                h.copy(k, o)
            for k, v in h.attrs.items():
                o.attrs[k] = v
            point(o)
        rename(other, path)
        return f"libver {low} {kw}"
    except (ValueError, OSError, RuntimeError, KeyError) as e:
        if os.path.exists(other):
            os.unlink(other)
        return f"libver {low} failed"


def bytes_of(rng, path):
    """Damage below the format: bytes, cuts, garbage."""
    b = bytearray(open(path, "rb").read())
    way = int(rng.integers(7))
    note = f"bytes way {way}"
    if way == 0:
        b = b[: int(rng.integers(len(b)))]
    elif way == 1:
        b += bytes(rng.integers(0, 256, int(rng.integers(1, 3000)), dtype="u1"))
    elif way == 2:
        at = int(rng.integers(len(b)))
        n = int(rng.integers(1, 64))
        b[at : at + n] = bytes(n)
    else:
        # Most bytes of a small file are room that nobody uses: bytes near used ones are damaged.
        used = np.flatnonzero(np.frombuffer(bytes(b), "u1"))
        for _ in range(int(rng.integers(1, 4 if way < 6 else 12))):
            at = min(len(b) - 1, int(used[int(rng.integers(len(used)))]) + int(rng.integers(-1, 2)))
            b[at] = int(rng.choice([0, 1, 0xFF, 0x7F, 0x80, int(rng.integers(256)), b[at] ^ (1 << int(rng.integers(8))), (b[at] + 1) % 256]))
    open(path, "wb").write(bytes(b))
    return note


def damage_near(rng, path, word):
    """Bytes around a word, such as an element's name, are changed."""
    b = bytearray(open(path, "rb").read())
    at = b.find(word)
    if at < 0:
        return "none"
    for _ in range(int(rng.integers(1, 4))):
        k = min(len(b) - 1, max(0, at + int(rng.integers(-1200, 2500))))
        b[k] = int(rng.integers(256)) if rng.random() < 0.5 else b[k] ^ (1 << int(rng.integers(8)))
    open(path, "wb").write(bytes(b))
    return f"near {word!r}"


def generate(rng, folder, name):
    """Writes one file; returns its path and what was done."""
    path = folder / f"{name}.h5ad"
    layout = pick(rng, LAYOUTS)
    notes = [{"current": make, "v0.7": make07, "v0.6": make06}[layout](rng, path)]
    if rng.random() < 0.9:
        for _ in range(pick(rng, [1, 1, 1, 2, 3])):
            mutate = pick(rng, MUTATIONS)
            try:
                with h5py.File(path, "r+", libver=pick(rng, ["earliest", "earliest", "latest"])) as h:
                    notes.append(mutate(rng, h))
            except (ValueError, TypeError, OSError, KeyError, RuntimeError, OverflowError, IndexError, AttributeError) as e:
                notes.append(f"{mutate.__name__} failed")
    if rng.random() < 0.2:
        notes.append(rewritten(rng, path, os.replace))
    if rng.random() < 0.35:
        if any(n.startswith("unknown") for n in notes) and rng.random() < 0.7:
            notes.append(damage_near(rng, path, b"mystery"))
        else:
            notes.append(bytes_of(rng, path))
    return path, notes
