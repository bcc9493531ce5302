"""Makes zarr stores with anndata and zarr-python, and compares what Cellweave made of them element by element; see run."""
import pathlib
import sys
import warnings

import anndata as ad
import anndata._io.zarr
import numpy as np
import pandas as pd
import scipy.sparse as sp
import zarr
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, TransposeCodec, ZstdCodec

warnings.filterwarnings("ignore")
# The codecs in Rust, where they are installed, refuse what zarr-python itself reads, such as bytes in the other order.
ad._io.zarr.find_spec = lambda name: None
FORMS = {"v2": (2, False), "v3": (3, False), "v3_sharded": (3, True)}
OURS = ["v3", "v3_plain", "v3_blosc", "v3_gzip", "v2", "v2_blosc", "zip"]


def tables(n, prefix):
    k = np.arange(n)
    frame = pd.DataFrame(
        {
            "cat": pd.Categorical([["a", "b", "é"][i % 3] for i in k], categories=["b", "a", "é"]),
            "ordered": pd.Categorical([i % 2 for i in k], ordered=True),
            "missing": pd.Categorical([None if i % 4 == 0 else "x" for i in k]),
            "integer": k.astype("i4"), "byte": (k % 200).astype("u1"), "real": k / 7, "single": (k / 3).astype("f4"),
            "flag": k % 2 == 0,
            "nullable integer": pd.array([None if i % 3 == 1 else i for i in k], dtype="Int64"),
            "nullable flag": pd.array([None if i % 3 == 1 else i % 2 == 0 for i in k], dtype="boolean"),
            "nullable text": pd.array([None if i % 3 == 1 else f"t{i}" for i in k], dtype="string"),
            "text": [f"text {i}" for i in k],
        },
        index=[f"{prefix}{i}" for i in k],
    )
    frame["missing"] = frame["missing"].cat.set_categories(["x", "unused"])
    return frame


def whole(n=13, p=7, x="csr"):
    rng = np.random.default_rng(1)
    values = sp.random(n, p, 0.4, format="csr", random_state=2, dtype=np.float32)
    forms = {"csr": values, "csc": values.tocsc(), "dense": values.toarray(), "fortran": np.asfortranarray(values.toarray()),
             "none": None, "integer": (values * 100).astype(np.int64), "double": values.astype(np.float64)}
    a = ad.AnnData(forms[x], obs=tables(n, "c"), var=tables(p, "g"))
    a.obsm["X_pca"], a.obsm["table"] = rng.random((n, 3)), pd.DataFrame({"q": np.arange(n)}, index=a.obs_names)
    a.obsm["sparse"], a.obsm["cube"] = sp.random(n, 4, 0.5, format="csc", random_state=3), rng.random((n, 2, 3))
    a.varm["PCs"] = rng.random((p, 3)).astype("f4")
    a.obsp["connectivities"], a.varp["c"] = sp.random(n, n, 0.3, format="csr", random_state=4), rng.random((p, p))
    a.layers["csc"], a.layers["dense"] = values.tocsc(), np.asfortranarray(values.toarray().astype("f8"))
    a.uns.update(
        text="één", number=3, real=1.5, flag=True, none=None, empty={}, nothing=np.zeros(0), flat=np.zeros((0, 3), "i4"),
        array=np.arange(24, dtype="i2").reshape(2, 3, 4), texts=np.array(["a", "", "bé"]), half=np.arange(3, dtype="f2"),
        unsigned=np.array([2**64 - 1, 0], "u8"), flags=np.array([True, False]), nested={"a": {"b": {"c": 1, "d": "x"}}},
        big=np.arange(3, dtype=">i4"), table=tables(5, "r"), nan=np.array([np.nan, np.inf, -np.inf]),
        records=np.array([("a", 1.5, 3, True), ("bcdé", 2.5, -4, False)], dtype=[("n", "U5"), ("x", "f4"), ("k", "i8"), ("b", "?")]),
        categories=pd.Categorical(["u", "v", "u"]), sparse=sp.random(3, 4, 0.5, format="csr", random_state=5),
    )
    if x not in ("none",):
        a.raw = a.copy()
    return a


def large():
    """More than one chunk, more than one chunk in a shard, more than one shard."""
    x = sp.random(3000, 400, 0.4, format="csr", random_state=6, dtype=np.float32)
    a = ad.AnnData(x, layers={"dense": x.toarray(), "wide": (x * 1000).astype("i8").toarray()})
    a.uns["texts"] = np.array([f"text {i}" * (i % 5) for i in range(150_000)], dtype=object)
    return a


OBJECTS = {x: (lambda x=x: whole(x=x)) for x in ("csr", "csc", "dense", "fortran", "none", "integer", "double")}
OBJECTS |= {"no_cells": lambda: whole(0, 7), "no_genes": lambda: whole(13, 0, "dense"), "large": large,
            "bare": lambda: ad.AnnData(np.zeros((2, 2)))}


def odd(group):
    """Arrays as zarr allows them and anndata does not write them, in uns."""
    v2, uns = group.metadata.zarr_format == 2, group["uns"]
    values = np.arange(35, dtype="f4").reshape(5, 7)

    def put(name, data, **how):
        a = uns.create_array(name, shape=data.shape, dtype=how.pop("dtype", data.dtype), chunks=how.pop("chunks", data.shape), **how)
        a.attrs.update({"encoding-type": how.get("encoding", "array"), "encoding-version": "0.2.0"})
        a[...] = data

    put("odd_chunks", values, chunks=(2, 3))
    put("odd_fill", np.where(values > 20, values, 7).astype("f4"), chunks=(1, 7), fill_value=7)
    put("odd_nan", np.where(values > 20, values, np.nan).astype("f4"), chunks=(1, 7), fill_value=np.nan)
    put("odd_plain", values, compressors=None)
    put("odd_fixed", np.array(["ab", "é", "", "abcde"]), dtype="U5")
    put("odd_bytes", np.array([b"ab", b"", b"abcd"]), dtype="S4")
    if v2:
        import numcodecs

        put("odd_order", values, order="F", chunks=(2, 3))
        put("odd_big", values, dtype=">f4", chunks=(2, 7))
        for name, codec in {"zlib": numcodecs.Zlib(3), "gzip": numcodecs.GZip(3), "zstd": numcodecs.Zstd(3, checksum=True)}.items():
            put("odd_" + name, values, compressors=codec)
        for name in ("lz4", "lz4hc", "blosclz", "zlib", "zstd"):
            for shuffle in (0, 1, 2):
                put(f"odd_blosc_{name}_{shuffle}", values, compressors=numcodecs.Blosc(name, 5, shuffle))
        return
    put("odd_order", values, filters=[TransposeCodec(order=(1, 0))], chunks=(2, 3))
    put("odd_big", values, serializer=BytesCodec(endian="big"), chunks=(2, 7))
    put("odd_dots", values, chunks=(2, 3), chunk_key_encoding={"name": "v2", "separator": "."})
    put("odd_shard", values, chunks=(2, 3), shards=(4, 9), compressors=[GzipCodec(level=2), Crc32cCodec()])
    put("odd_crc", values, compressors=[Crc32cCodec()])
    put("odd_checksum", values, compressors=[ZstdCodec(level=5, checksum=True)])
    for name in ("lz4", "lz4hc", "blosclz", "zlib", "zstd"):
        for shuffle in ("noshuffle", "shuffle", "bitshuffle"):
            put(f"odd_blosc_{name}_{shuffle}", values, compressors=[BloscCodec(cname=name, shuffle=shuffle, typesize=4)])


def make(folder):
    with zarr.config.set({"array.target_shard_size_bytes": 400_000}):
        for name, build in OBJECTS.items():
            for form, (version, shard) in FORMS.items():
                ad.settings.zarr_write_format, ad.settings.auto_shard_zarr_v3 = version, shard
                path = folder / f"{name}.{form}.zarr"
                build().write_zarr(path)
                if name != "large" and "uns" in zarr.open_group(path, mode="r"):
                    group = zarr.open_group(path, mode="a", use_consolidated=False)
                    if name == "csr":
                        odd(group)
                        zarr.consolidate_metadata(group.store)
                if name == "dense":
                    # without the file that consolidates, as other programs leave it
                    for f in path.glob(".zmetadata"):
                        f.unlink()
    ad.settings.zarr_write_format, ad.settings.auto_shard_zarr_v3 = 3, True
    for name in ("csr", "large"):
        with zarr.storage.ZipStore(folder / f"{name}.packed.zarr.zip", mode="w") as store:
            OBJECTS[name]().write_zarr(store)


def plain(table):
    """Which of pandas' two marks for missing text a table uses is lost here: text becomes objects."""
    out = table.copy()
    out.index = pd.Index([str(v) for v in out.index], dtype=object, name=out.index.name)
    for name in out.columns:
        if isinstance(out[name].dtype, pd.StringDtype):
            out[name] = pd.Series([None if pd.isna(v) else str(v) for v in out[name]], index=out.index, dtype=object)
    return out


def same(key, a, b):
    if isinstance(a, pd.DataFrame):
        a, b = plain(a), plain(b)
        pd.testing.assert_frame_equal(a, b, check_exact=True, check_column_type=False)
    elif isinstance(a, pd.api.extensions.ExtensionArray):
        pd.testing.assert_extension_array_equal(a, b)
    elif hasattr(a, "keys") and not isinstance(a, np.ndarray):
        assert set(a.keys()) == set(b.keys()), f"{key}: {sorted(a.keys())} and {sorted(b.keys())}"
        for k in a.keys():
            same(f"{key}/{k}", a[k], b[k])
    elif sp.issparse(a):
        assert type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape, f"{key}: {a!r} and {b!r}"
        a, b = a.copy(), b.copy()
        a.sort_indices(), b.sort_indices()
        assert (a.indptr == b.indptr).all() and (a.indices == b.indices).all() and (a.data == b.data).all(), key
    elif isinstance(a, np.ndarray) and a.dtype.names:
        assert a.dtype.names == b.dtype.names, f"{key}: {a.dtype} and {b.dtype}"
        for f in a.dtype.names:
            assert [str(v) for v in a[f]] == [str(v) for v in b[f]], f"{key}.{f}"
    elif isinstance(a, np.ndarray):
        text = a.dtype.kind in "OUST"
        assert a.shape == b.shape and (text or a.dtype.newbyteorder("=") == b.dtype.newbyteorder("=")), f"{key}: {a.dtype} {a.shape} and {b.dtype} {b.shape}"
        as_text = lambda v: [x.decode() if isinstance(x, bytes) else str(x) for x in np.asarray(v).ravel()]
        assert as_text(a) == as_text(b) if text else np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), key
    else:
        assert (a is None) == (b is None) and (a is None or a == b), f"{key}: {a!r} and {b!r}"


def object_same(a, b):
    for slot in ("X", "obs", "var", "obsm", "varm", "obsp", "varp", "layers", "uns"):
        same(slot, getattr(a, slot), getattr(b, slot))
    if a.n_obs == 0 and a.raw is None:
        return  # anndata does not read it from zarr
    assert (a.raw is None) == (b.raw is None), "raw"
    if a.raw is not None:
        same("raw/X", a.raw.X, b.raw.X), same("raw/var", a.raw.var, b.raw.var), same("raw/varm", a.raw.varm, b.raw.varm)


def read(path):
    return ad.read_zarr(zarr.storage.ZipStore(path, mode="r")) if path.suffix == ".zip" else ad.read_zarr(path)


def compare(folder):
    faults, done = [], 0
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".zarr", ".zarr.zip")) and path.name.count(".") - path.name.endswith(".zip") == 2:
            want = read(path)
            for copy in [folder / f"{path.name}.h5ad"] + [folder / f"{path.name}.{form}.zarr{'.zip' * (form == 'zip')}" for form in OURS]:
                done += 1
                try:
                    object_same(want, ad.read_h5ad(copy) if copy.suffix == ".h5ad" else read(copy))
                except Exception as e:
                    faults.append(f"{copy.name}: {type(e).__name__}: {' '.join(str(e).split())[:300]}")
                    print(faults[-1])
    print(f"{done} objects compared, {len(faults)} differ")
    sys.exit(bool(faults) or done == 0)


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
