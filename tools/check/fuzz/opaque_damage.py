"""Damages elements of unknown encoding inside sound .h5ad files, seeded and aware of the structure.

Usage: opaque_damage.py FOLDER COUNT [SEED]
Every file holds uns/odd, obsm/odd and layers/odd of an encoding that nobody knows, with groups, attributes and
data sets of every type, layout and filter. Damage goes into their object headers (types, sizes, addresses,
dimensions, filters), their links, heaps, indexes and references; nothing else of the file is touched.
Run the files with opaque_damage.kts: read, then write; the process must live and no file may take 10 s.
"""

import random
import struct
import sys
from pathlib import Path

import anndata
import h5py
import numpy as np


def fill(group, rng):
    group.attrs["encoding-type"] = "martian"
    group.attrs["encoding-version"] = "0.1.0"
    group.attrs["numbers"] = np.arange(5)
    group.attrs["names"] = np.array(["a", "bb", "ccc"], dtype=h5py.string_dtype())
    group.attrs["flag"] = True
    a = group.create_dataset("a", data=rng.random(35))
    a.attrs["of"] = np.array([b"x", b"yy"])
    group.create_dataset("c", data=np.arange(400, dtype="i4").reshape(20, 20), chunks=(7, 8), compression="gzip", shuffle=True)
    group.create_dataset("l", data=np.zeros(300), chunks=(50,), compression="lzf", fletcher32=True)
    group.create_dataset("t", data=np.array(["one", "two", "three"] * 5, dtype=h5py.string_dtype()))
    group.create_dataset("s", data=np.array([b"ab", b"cde"]))
    group.create_dataset("b", data=rng.random(9) < 0.5)
    group.create_dataset("e", data=np.array([0, 1, 2]), dtype=h5py.enum_dtype({"A": 0, "B": 1, "C": 2}, "i1"))
    group.create_dataset("z", data=rng.random(4) + 1j)
    group.create_dataset("big", data=np.arange(6, dtype=">i8"))
    record = np.dtype([("x", "f4"), ("n", h5py.string_dtype()), ("v", "i2", (3,)), ("in", [("p", "u1"), ("q", "f8")])])
    rows = np.zeros(4, record)
    rows["n"] = ["r", "ss", "ttt", ""]
    group.create_dataset("r", data=rows)
    v = group.create_dataset("v", (4,), dtype=h5py.vlen_dtype("i4"))
    for i in range(4):
        v[i] = np.arange(i * 3)
    group.create_dataset("o", data=np.array([b"123", b"456"], dtype="V3"))
    group.create_dataset("null", data=h5py.Empty("f4"))
    group.create_dataset("scalar", data=5)
    group.create_dataset("never", (10,), dtype="f4", fillvalue=3)
    inner = group.create_group("inner")
    inner.create_group("deeper").create_dataset("x", data=[1, 2, 3])
    many = inner.create_group("many")
    for i in range(20):
        many[f"m{i}"] = i
    inner["soft"] = h5py.SoftLink("/uns/odd/a")
    inner["hard"] = group["a"]


def base(path, libver, refs):
    rng = np.random.default_rng(5)
    a = anndata.AnnData(rng.random((12, 7)).astype("f4"), obs={"k": list("abc") * 4})
    a.uns["n"] = 3
    a.write_h5ad(path)
    with h5py.File(path, "r+", libver=libver) as f:
        f.require_group("obsm")
        for place in ("uns", "obsm", "layers"):
            fill(f[place].create_group("odd"), rng)
        if refs:
            f["uns/odd/ref"] = np.array([f["obs"].ref], dtype=h5py.ref_dtype)


def spots(path):
    """Byte ranges that belong to the unknown elements, by kind."""
    data = Path(path).read_bytes()
    out = {"header": [], "message": [], "heap": [], "index": [], "data": []}
    with h5py.File(path) as f:

        def visit(node):
            address = h5py.h5o.get_info(node.id).addr
            messages(data, address, out)
            if isinstance(node, h5py.Dataset) and node.id.get_offset():
                out["data"].append((node.id.get_offset(), max(1, min(400, node.id.get_storage_size()))))
            if isinstance(node, h5py.Group):
                for name in node:
                    if node.get(name, getlink=True).__class__ is h5py.HardLink:
                        visit(node[name])

        for place in ("uns/odd", "obsm/odd", "layers/odd"):
            visit(f[place])
    low = min(a for a, _ in out["header"])
    for kind, signature, length in (("heap", b"GCOL", 4096), ("heap", b"HEAP", 120), ("index", b"TREE", 300),
                                    ("index", b"SNOD", 300), ("heap", b"FRHP", 140), ("index", b"BTHD", 40)):
        at = data.find(signature, low)
        while at >= 0:
            out[kind].append((at, length))
            at = data.find(signature, at + 4)
    return data, {k: v for k, v in out.items() if v}


def messages(data, address, out):
    if data[address] == 1:
        n, = struct.unpack_from("<H", data, address + 2)
        size, = struct.unpack_from("<I", data, address + 8)
        out["header"].append((address, 16))
        block(data, address + 16, size, n, out)
    else:
        out["header"].append((address, 40))
        out["message"].append((address + 6, 200))


def block(data, at, size, n, out):
    end = at + size
    while at + 8 <= end and n > 0:
        kind, length = struct.unpack_from("<HH", data, at)
        out["message"].append((at, 8))
        if length:
            out["message"] += [(at + 8, min(length, 40))] * 3
        if kind == 0x10:
            where, more = struct.unpack_from("<QQ", data, at + 8)
            if where + more <= len(data):
                block(data, where, more, n - 1, out)
        at += 8 + length
        n -= 1


NUMBERS = [0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 65535, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 40,
           (1 << 63) - 1, (1 << 64) - 1]


def damage(data, places, rng):
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        kind = rng.choice([k for k in ("header", "message", "message", "message", "heap", "index", "data") if k in places])
        start, length = rng.choice(places[kind])
        length = min(length, len(out) - start - 8)
        if length <= 0:
            continue
        at = start + rng.randrange(length)
        how = rng.randrange(6)
        if how == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            out[at] = rng.randrange(256)
        elif how == 2:
            width = rng.choice([2, 4, 8])
            out[at:at + width] = (rng.choice(NUMBERS) & ((1 << 8 * width) - 1)).to_bytes(width, "little")
        elif how == 3:
            width = rng.choice([2, 4, 8])
            value = int.from_bytes(out[at:at + width], "little") + rng.choice([-8, -1, 1, 8, 1000])
            out[at:at + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")
        elif how == 4:
            other, _ = rng.choice(places[kind])
            out[at:at + 8] = data[other:other + 8]
        else:
            out[at:at + rng.randrange(1, 24)] = bytes(0)
            del out[len(data):]
            out += bytes(len(data) - len(out))
    return bytes(out)


def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    folder.mkdir(parents=True, exist_ok=True)
    bases = []
    for name, libver, refs in (("old", "earliest", False), ("ref", "earliest", True), ("new", ("v110", "v110"), False)):
        path = folder / f"base_{name}.h5ad"
        base(path, libver, refs)
        bases.append(spots(path))
    for i in range(count):
        which = rng.choice([0, 0, 0, 1, 2])
        (folder / f"d{i:05d}_{which}.h5ad").write_bytes(damage(*bases[which], rng))
    print(count, "files")


if __name__ == "__main__":
    main()
