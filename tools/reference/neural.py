"""Steps of scvi-tools' own modules with fixed weights and fixed noise, held against ours by GoldenTest.

    python tools/reference/neural.py jvm-core/src/test/resources/reference/neural/scvi_tools.h5

Every variant starts from the same weights by name and shape (start/). Place p of a step, counted over all draws of
dropout and of latent places that the loss depends on, reads row p of noise/uniform or noise/normal, modulo the rows.
A variant holds what it is built of (settings), the terms of the objective in training, and for all parameters that have
a gradient, one after another, three rows: the gradient, and how far one step of Adam and ten moved them, with 15 bits
of mantissa; running means and variances follow, without gradients. "evaluation" is the objective after ten steps.
"""
import sys
import zlib

import h5py
import numpy as np
import scvi
import torch
from scvi.external.joint_embedding_scvi import _module as joint
from scvi.module import SCANVAE, VAE, LDVAE

CELLS, GENES, HIDDEN, LATENT, CLASSES = 60, 40, 16, 5, 3
ROWS, KL_WEIGHT, STEPS, RATIO = 5, 0.35, 10, 50
TERMS = ["loss", "reconstruction", "kl", "classification", "invariance", "redundancy", "variance"]

COUNTS = [f"{x}{d}" for d in ("", "_batch", "_label", "_cell") for x in ("nb", "zinb")] + ["poisson"]
DISPERSION = {"_batch": "gene-batch", "_label": "gene-label", "_cell": "gene-cell"}
JOINT = dict(joint_embedding_weight=20.0, lambda_off_diag=0.5, reconstruction_weight=0.7, variance_weight=30.0)


def variants():
    """Name, class and what differs from the defaults of its class here."""
    out = {}
    for name in COUNTS:
        x, _, d = name.partition("_")
        out[name] = (VAE, dict(gene_likelihood=x, dispersion=DISPERSION.get("_" + d, "gene")))
    nb, zinb, latent = dict(gene_likelihood="nb"), dict(gene_likelihood="zinb"), dict(use_observed_lib_size=False)
    for x in ("nb", "zinb", "poisson"):
        out[f"{x}_library"] = (VAE, dict(gene_likelihood=x, **latent))
    deep = dict(n_layers=2, encode_covariates=True)
    out["nb_plain"] = (VAE, dict(nb, n_batch=1, n_cats_per_cov=[], n_continuous_cov=0, dropout_rate=0.0))
    out["nb_raw"] = (VAE, dict(nb, log_variational=False))
    out["nb_encode"] = (VAE, dict(nb, encode_covariates=True))
    out["nb_two_layers"] = (VAE, dict(nb, n_layers=2))
    out["zinb_deep_library"] = (VAE, dict(zinb, **deep, **latent))
    out["nb_shallow"] = (VAE, dict(nb, **deep, **latent, deeply_inject_covariates=False))
    out["nb_ln"] = (VAE, dict(nb, latent_distribution="ln"))
    for x in ("nb", "zinb", "poisson"):
        out[f"{x}_size_factor"] = (VAE, dict(gene_likelihood=x, use_size_factor_key=True))
    out["nb_both_norms"] = (VAE, dict(nb, use_layer_norm="both", n_layers=2))
    out["zinb_layer_norm"] = (VAE, dict(zinb, use_layer_norm="both", use_batch_norm="none", **latent))
    out["nb_norms_apart"] = (VAE, dict(nb, use_layer_norm="decoder", use_batch_norm="encoder"))
    out["nb_no_norm"] = (VAE, dict(nb, use_batch_norm="none"))
    out["linear"] = (LDVAE, dict(nb))
    out["linear_zinb"] = (LDVAE, dict(zinb, bias=True, n_layers_encoder=2, use_observed_lib_size=True))
    out["linear_poisson"] = (LDVAE, dict(gene_likelihood="poisson", use_batch_norm=False, latent_distribution="ln"))
    out["scanvi"] = (SCANVAE, dict(zinb))
    out["scanvi_linear"] = (SCANVAE, dict(nb, linear_classifier=True, dispersion="gene-batch"))
    out["scanvi_deep_library"] = (SCANVAE, dict(nb, **deep, **latent))
    out["scanvi_shallow"] = (SCANVAE, dict(nb, **deep, deeply_inject_covariates=False))
    out["scanvi_ln"] = (SCANVAE, dict(nb, latent_distribution="ln", use_layer_norm="both"))
    out["joint"] = (joint.JointEmbeddingVAE, dict(nb))
    out["joint_weights"] = (joint.JointEmbeddingVAE, dict(zinb, **JOINT))
    out["joint_deep_library"] = (joint.JointEmbeddingVAE, dict(nb, **deep, **latent, **JOINT))
    out["joint_ln"] = (joint.JointEmbeddingVAE, dict(nb, latent_distribution="ln", **JOINT))
    return out


def simulated():
    """Cells of three kinds in two batches, one gene with large counts; labels 0 to 2, and 3 for none."""
    rng = np.random.default_rng(14)
    kind = rng.integers(0, CLASSES, CELLS)
    mean = rng.gamma(0.7, 2.0, (CLASSES, GENES))[kind] * rng.lognormal(0, 0.6, (CELLS, 1))
    mean[:, 3] *= 60
    counts = rng.poisson(mean * rng.gamma(2.0, 0.5, mean.shape))
    counts[:, 0] += 1
    c = {"counts": counts.astype(np.uint16), "batch": rng.integers(0, 2, CELLS), "category": rng.integers(0, 3, CELLS)}
    c["labels"] = np.where(rng.random(CELLS) < 0.6, kind, CLASSES)
    c["labelled"] = np.flatnonzero(c["labels"] < CLASSES)[:25]
    c["continuous"] = rng.normal(size=(CELLS, 2)).astype(np.float32)
    c["size_factor"] = np.round(counts.sum(1) * rng.lognormal(0, 0.2, CELLS) / 8, 2)
    c["thinned"] = rng.binomial(counts, rng.uniform(0.05, 1, (CELLS, 1))).astype(np.uint16)
    rows = CELLS * CLASSES
    noise = {"normal": rng.normal(size=(ROWS, rows * LATENT)).astype(np.float32)}
    noise["uniform"] = rng.integers(0, 256, (ROWS, rows * HIDDEN)).astype(np.uint8)
    return c, noise


class Noise:
    """In place of what torch draws."""

    def __init__(self, noise):
        self.noise, self.place, self.silent = noise, 0, False
        torch.distributions.Normal.rsample = lambda d, shape=(): d.loc + self.normal(d.loc) * d.scale
        torch.nn.Dropout.forward = lambda layer, x: self.dropout(x, layer.p) if layer.training else x

    def draw(self, what, x):
        row = self.noise[what][self.place % ROWS][: x.numel()]
        self.place += 1
        return torch.from_numpy(row.astype(np.float64)).to(x.dtype).reshape(x.shape)

    def normal(self, x):
        return torch.zeros_like(x) if self.silent else self.draw("normal", x)

    def dropout(self, x, p):
        return torch.where(self.draw("uniform", x) / 256 < p, torch.zeros_like(x), x / (1 - p))


def start(name, shape, pool):
    """Weights that depend on the name and the shape alone."""
    key = f"{name} {'x'.join(map(str, shape))}"
    if key not in pool:
        rng = np.random.default_rng(zlib.crc32(key.encode()))
        drawn = rng.uniform(-1, 1, shape)
        if name.endswith("running_var") or (len(shape) == 1 and name.endswith("1.weight")):
            drawn = 1 + 0.3 * drawn
        elif name == "px_r":
            drawn = 2 * drawn
        else:
            drawn = drawn / np.sqrt(shape[-1] if len(shape) > 1 else HIDDEN)
        pool[key] = drawn.astype(np.float32)
    return torch.from_numpy(pool[key])


def build(cls, given, cells, pool):
    s = dict(n_batch=2, n_labels=CLASSES + 1, dispersion="gene", latent_distribution="normal")
    s.update(use_observed_lib_size=True)
    if cls is LDVAE:
        s.update(use_observed_lib_size=False, use_batch_norm=True)
    else:
        s.update(n_layers=1, n_cats_per_cov=[3], n_continuous_cov=2, encode_covariates=False, use_layer_norm="none")
        s.update(use_batch_norm="both", deeply_inject_covariates=True, use_size_factor_key=False)
    if cls is SCANVAE:
        s.update(n_labels=CLASSES, linear_classifier=False)
    if cls is joint.JointEmbeddingVAE:
        s.update(joint_embedding_weight=100.0, lambda_off_diag=0.01, reconstruction_weight=1.0, variance_weight=0.0)
    s.update(dropout_rate=0.2, log_variational=True)
    s.update(given)
    logs = np.log(cells["counts"].sum(1))
    by_batch = [logs[cells["batch"] == b] for b in range(s["n_batch"])]
    prior = {
        "library_log_means": np.array([[v.mean() for v in by_batch]]),
        "library_log_vars": np.array([[v.var() for v in by_batch]]),
    }
    torch.manual_seed(0)
    module = cls(GENES, n_hidden=HIDDEN, n_latent=LATENT, **s, **prior)
    state = module.state_dict()
    kept = ("num_batches_tracked", "library_log_means", "library_log_vars", "y_prior")
    for name, value in state.items():
        if not name.endswith(kept):
            state[name] = start(name, tuple(value.shape), pool)
    module.load_state_dict(state)
    return module, s


def tensors(cells, s, dtype, which=slice(None)):
    column = lambda key: torch.from_numpy(cells[key][which].reshape(-1, 1).astype(np.int64))
    out = {"X": torch.from_numpy(cells["counts"][which].astype(np.float64)).to(dtype), "labels": column("labels")}
    out["batch"] = column("batch") if s["n_batch"] > 1 else torch.zeros_like(column("batch"))
    if s.get("n_cats_per_cov"):
        out["extra_categorical_covs"] = column("category")
    if s.get("n_continuous_cov"):
        out["extra_continuous_covs"] = torch.from_numpy(cells["continuous"][which]).to(dtype)
    if s.get("use_size_factor_key"):
        out["size_factor"] = torch.from_numpy(cells["size_factor"][which].reshape(-1, 1)).to(dtype)
    return out


def objective(module, cells, s, noise, dtype):
    noise.place = 0
    loss = {"kl_weight": KL_WEIGHT}
    if isinstance(module, SCANVAE) and module.training:
        loss.update(labelled_tensors=tensors(cells, s, dtype, cells["labelled"]), classification_ratio=RATIO)
    return module(tensors(cells, s, dtype), loss_kwargs=loss)[2]


def terms(out):
    extra = out.extra_metrics
    values = [out.loss, sum(out.reconstruction_loss.values()).mean(), sum(out.kl_local.values()).mean()]
    values += [out.classification_loss] + [extra.get(k) for k in ("cco_invariance", "cco_redundancy", "variance_loss")]
    return np.array([np.nan if v is None else float(v) for v in values])


def state_of(module, names):
    """Running means and variances of the normalisations that are trained."""
    norms = [n.removesuffix("weight") for n in names if n.endswith("1.weight")]
    states = [n + r for n in norms for r in ("running_mean", "running_var")]
    return [n for n in states if n in module.state_dict()]


def run(cls, given, cells, noise, pool, dtype):
    module, s = build(cls, given, cells, pool)
    torch.Tensor.float = lambda x: x.to(dtype)
    module.to(dtype).train()
    if cls is SCANVAE:
        classify = module.classify

        def quiet(*args, **kwargs):
            noise.silent = True
            try:
                return classify(*args, **kwargs)
            finally:
                noise.silent = False

        module.classify = quiet
    joint.binomial_split = lambda x, p: (torch.from_numpy(cells["thinned"].astype(np.float64)).to(x.dtype), None)
    adam = torch.optim.Adam([p for p in module.parameters() if p.requires_grad], lr=1e-3, eps=0.01, weight_decay=1e-6)
    before = {n: v.numpy().copy() for n, v in module.state_dict().items()}
    rows = []
    for step in range(STEPS):
        adam.zero_grad(set_to_none=True)
        out = objective(module, cells, s, noise, dtype)
        out.loss.backward()
        if step == 0:
            names = [n for n, p in module.named_parameters() if p.grad is not None]
            states = state_of(module, names)
            first = terms(out)
            grads = [p.grad.numpy().copy() for p in module.parameters() if p.grad is not None]
            rows.append(grads + [np.zeros_like(before[n]) for n in states])
        adam.step()
        if step in (0, STEPS - 1):
            values = module.state_dict()
            rows.append([values[n].numpy() - before[n] for n in names + states])
    module.eval()
    with torch.no_grad():
        evaluation = terms(objective(module, cells, s, noise, dtype))
    flat = np.stack([np.concatenate([v.ravel() for v in row]) for row in rows])
    shapes = [tuple(v.shape) for v in rows[0]]
    return names + states, shapes, flat, first, evaluation, s


def apart(a, b):
    """Largest relative difference of a parameter, in norms; biases before a normalisation have no gradient."""
    norms = [np.linalg.norm(y) for y in b]
    return f"{max(np.linalg.norm(x - y) / n for x, y, n in zip(a, b, norms) if n > 3e-5 * max(norms)):.1e}"


def rounded(x):
    """To 15 bits of mantissa, so that the last byte is zero."""
    bits = x.astype(np.float32).view(np.uint32)
    return ((bits + np.uint32(128)) & np.uint32(0xFFFFFF00)).view(np.float32)


def main(path):
    torch.set_num_threads(1)
    cells, drawn = simulated()
    noise, pool = Noise(drawn), {}
    text = lambda values: np.array([str(v).encode() for v in values])
    pack = dict(compression="gzip", compression_opts=9, shuffle=True)
    with h5py.File(path, "w") as f:
        f["version"] = text([f"scvi-tools {scvi.__version__}, torch {torch.__version__}"])
        for key, value in cells.items():
            f.create_dataset(f"cells/{key}", data=value)
        for key, value in drawn.items():
            f.create_dataset(f"noise/{key}", data=value, **pack)
        f["constants"] = text([f"kl_weight={KL_WEIGHT}", f"classification_ratio={RATIO}", f"steps={STEPS}"])
        f["terms"] = text(TERMS)
        f["names"] = text(variants())
        for name, (cls, given) in variants().items():
            names, shapes, flat, first, evaluation, s = run(cls, given, cells, noise, pool, torch.float32)
            _, _, wide, exact, _, _ = run(cls, given, cells, noise, pool, torch.float64)
            at = np.cumsum([int(np.prod(sh)) for sh in shapes])[:-1]
            parts = [apart(np.split(flat[r], at), np.split(wide[r], at)) for r in range(3)]
            terms_apart = np.nanmax(np.abs(first / exact - 1))
            print(f"{name:22s} loss {first[0]:10.4f}, float64 differs by {terms_apart:.1e}", *parts)
            g = f.create_group(name)
            g["settings"] = text([f"module={cls.__name__}"] + [f"{k}={v}" for k, v in s.items()])
            g["parameters"] = text(f"{n} {'x'.join(map(str, sh))}" for n, sh in zip(names, shapes))
            g.create_dataset("values", data=rounded(flat), **pack)
            g["training"], g["evaluation"] = first, evaluation
        used = {p.decode() for n in variants() for p in f[n]["parameters"][:]}
        keys = [k for k in pool if k in used]
        f["start/parameters"] = text(keys)
        f.create_dataset("start/values", data=np.concatenate([pool[k].ravel() for k in keys]), **pack)


if __name__ == "__main__":
    main(sys.argv[1])
