""".h5mu files of two or three modalities, and what is done to them: as hdf5.py does, and parts that are crossed.

mudata is not asked: what counts is that a file is read, or refused in one line that names it.
"""
import os

import h5py
import numpy as np
import pandas as pd

import hdf5
from hdf5 import STR, pick

from anndata.io import write_elem


def table(names, extra):
    t = pd.DataFrame(index=names)
    for k, v in extra.items():
        t[k] = v
    return t


def make(rng, path):
    """A sound file: modalities of hdf5.py that share some cells, and their maps."""
    names = ["rna", "adt", "atac"][: int(rng.integers(2, 4))]
    parts = {}
    for k, name in enumerate(names):
        part = f"{path}.{name}"
        hdf5.make(rng, part)
        parts[name] = part
    cells, features, rows = [], [], {}
    with h5py.File(path, "w") as h:
        h.attrs.update({"encoding-type": "MuData", "encoding-version": "0.1.0", "encoder": "mudata", "encoder-version": "0.3.1", "axis": 0})
        mod = h.create_group("mod")
        for name, part in parts.items():
            with h5py.File(part) as p:
                p.copy("/", mod, name)
            os.unlink(part)
            obs, var = (mod[name][s][mod[name][s].attrs["_index"]].asstr()[...] for s in ("obs", "var"))
            rows[name] = list(obs), [f"{name}_{v}" for v in var]
            del mod[name]["var"][mod[name]["var"].attrs["_index"]]
            hdf5.text_array(mod[name]["var"], mod[name]["var"].attrs["_index"], rows[name][1])
            cells += [c for c in rows[name][0] if c not in cells]
            features += rows[name][1]
        mod.attrs.create("mod-order", np.array(names, dtype=object), dtype=STR)
        write_elem(h, "obs", table(cells, {"batch": pd.Categorical(rng.choice(["a", "b"], len(cells))), "x": rng.normal(size=len(cells))}))
        write_elem(h, "var", table(features, {"n": np.arange(len(features))}))
        for slot, all_names, axis in (("obs", cells, 0), ("var", features, 1)):
            maps, masks = {}, {}
            for name in names:
                at = {v: k + 1 for k, v in enumerate(rows[name][axis])}
                maps[name] = np.array([at.get(v, 0) for v in all_names], "u4")
                masks[name] = maps[name] > 0
            write_elem(h, f"{slot}map", maps)
            write_elem(h, f"{slot}m", masks)
            write_elem(h, f"{slot}p", {})
        write_elem(h, "uns", {"text": "t", "neighbors": {"params": {"n": 3}}})
        if rng.random() < 0.5:
            write_elem(h, "obsm/X_all", rng.normal(size=(len(cells), 2)))
    return f"mudata {names}"


def m_crossed(rng, h):
    """Parts that are sound in themselves, in the wrong place."""
    names = list(h["mod"])
    one, other = rng.permutation(names)[:2]
    way = int(rng.integers(12))
    if way == 0:
        h.move(f"mod/{one}", "mod/~")
        h.move(f"mod/{other}", f"mod/{one}")
        h.move("mod/~", f"mod/{other}")
    elif way in (1, 2):
        slot = ["obsmap", "varmap"][way - 1]
        data = h[f"{slot}/{other}"][...]
        hdf5.swap(h, f"{slot}/{one}", data=pick(rng, [data, data[:-1], data[::-1], data + 1, data.astype("i8") - 2, data.astype("f8") / 2]))
    elif way == 3:
        slot = pick(rng, ["obs", "var"])
        del h[slot]
        h.copy(f"mod/{one}/{slot}", h, slot)
    elif way == 4:
        slot = pick(rng, ["obs", "var", "X"])
        if slot not in h[f"mod/{one}"] or slot not in h[f"mod/{other}"]:
            return "none"
        del h[f"mod/{one}/{slot}"]
        h.copy(f"mod/{other}/{slot}", h[f"mod/{one}"], slot)
    elif way == 5:
        del h[pick(rng, ["obsmap", "varmap", f"obsmap/{one}", "obs", "var", "mod", f"mod/{one}", "obsm", "uns"])]
    elif way == 6:
        h["mod"].attrs.create("mod-order", np.array(pick(rng, [[one], [one, one], names + ["none"], [], names[::-1]]), dtype=object), dtype=STR)
    elif way == 7:
        h.attrs["axis"] = pick(rng, [1, -1, 2, 0.5, "0", True])
    elif way == 8:
        h.copy(h["mod"], h["mod"][one], "mod")
    elif way == 9:
        h[f"mod/{one}/uns/self"] = h5py.SoftLink("/mod") if rng.random() < 0.5 else h["/"]
    elif way == 10:
        h.move(f"mod/{one}", f"mod/{pick(rng, ['a:b', 'ü', ' ', '..', 'X' * 300])}")
    else:
        h[f"mod/{one}"].attrs["encoding-type"] = pick(rng, ["MuData", "dict", "raw", "csr_matrix", ""])
    return f"crossed way {way}"


def generate(rng, folder, name):
    """Writes one file; returns its path and what was done."""
    path = folder / f"{name}.h5mu"
    notes = [make(rng, path)]
    if rng.random() < 0.9:
        for _ in range(pick(rng, [1, 1, 2, 3])):
            mutate = m_crossed if rng.random() < 0.4 else pick(rng, hdf5.MUTATIONS)
            try:
                with h5py.File(path, "r+", libver=pick(rng, ["earliest", "earliest", "latest"])) as h:
                    notes.append(mutate(rng, h))
            except (ValueError, TypeError, OSError, KeyError, RuntimeError, OverflowError, IndexError, AttributeError):
                notes.append(f"{mutate.__name__} failed")
    if rng.random() < 0.3:
        notes.append(hdf5.bytes_of(rng, path))
    return path, notes
