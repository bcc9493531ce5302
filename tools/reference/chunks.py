"""Make jvm-core/src/test/resources/reference/chunks.h5: chunks numbered over a shape that a dataset may still grow to.

    python tools/reference/chunks.py        with h5py 3.16 (HDF5 2.0)

Values of dataset n of shape s are 100 n + 0, 1, 2, ... in order; every third one holds the first half of its rows alone,
and the fill value 3 below. Datasets long0 to long5 grow without limit, of which only some chunks are written: their values
are 1, 2, 3, ... there and 3 elsewhere.
"""
import pathlib
import h5py
import numpy as np

SHAPES = [
    ((6, 3), (None, 5), (4, 4)), ((6, 3), (None, 9), (4, 2)), ((5, 7), (9, None), (2, 3)), ((5, 7), (11, 20), (2, 3)),
    ((4, 5, 6), (4, None, 13), (2, 2, 2)), ((4, 5, 6), (7, 9, 13), (3, 2, 4)), ((4, 5, 6), (None, 9, 13), (3, 2, 4)),
    ((5, 7), (None, None), (2, 3)), ((5, 7), (None, 7), (2, 3)), ((9,), (None,), (4,)), ((9,), (20,), (4,)),
    ((9,), (9,), (4,)), ((5, 7), (5, 7), (2, 3)),
]
out = pathlib.Path(__file__).resolve().parents[2] / "jvm-core/src/test/resources/reference/chunks.h5"
# newer forms than those of 1.12 are refused by name
with h5py.File(out, "w", libver=("v110", "v112")) as file:
    n = 0
    for shape, largest, chunk in SHAPES:
        for gzip in (False, True):
            for early in (False, True):
                made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                made.set_chunk(chunk)
                made.set_fill_value(np.array(3.0))
                if gzip:
                    made.set_deflate(4)
                if early:
                    made.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
                space = h5py.h5s.create_simple(shape, tuple(h5py.h5s.UNLIMITED if m is None else m for m in largest))
                name = f"d{n}".encode()
                data = h5py.Dataset(h5py.h5d.create(file.id, name, h5py.h5t.IEEE_F64LE, space, made))
                rows = shape[0] // 2 if n % 3 == 0 else shape[0]
                data[:rows] = (100 * n + np.arange(np.prod(shape), dtype=float)).reshape(shape)[:rows]
                n += 1
    # far enough for every kind of block of an extensible array; the last has pages
    for k, (length, chunk, gzip) in enumerate([(40, 1, 0), (400, 1, 1), (4000, 2, 0), (4000, 1, 1), (9000, 1, 0), (200000, 1, 1)]):
        made = dict(chunks=(chunk,), maxshape=(None,), dtype="f4", fillvalue=3, shuffle=bool(gzip))
        data = file.create_dataset(f"long{k}", shape=(length,), **made)
        for start in list(range(0, length, length // 7)) + [length - 3]:
            end = min(start + 3, length)
            if start + 1 < end:
                data[start + 1 : end] = np.arange(start + 1, end) + 1
