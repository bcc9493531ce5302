"""Small models trained by scvi-tools, as files of ours, and what scvi-tools answers when it asks them.

    python tools/reference/neural_models.py jvm-core/src/test/resources/reference/neural/models

Every folder has a model.safetensors with the weights by our names and in our layout, and answers.json: exact where
nothing is drawn, else means over many draws with their standard errors.
"""
import json
import pathlib
import re
import struct
import sys

import anndata
import numpy as np
import pandas as pd
import scvi
import torch
from scvi.model.base._differential import estimate_delta

CELLS, GENES, LATENT = 90, 30, 3
RENAMES = [
    (r"^decoder\.px_scale_decoder\.0\.", "px_scale.0."),
    (r"^decoder\.factor_regressor\.fc_layers\.Layer ", "px_scale."),
    (r"^decoder\.px_dropout_decoder\.fc_layers\.Layer ", "px_dropout."),
    (r"^decoder\.px_dropout_decoder\.(?=weight|bias)", "px_dropout.0."),
    (r"^classifier\.classifier\.0\.fc_layers\.Layer ", "classifier."),
    (r"^classifier\.classifier\.[01]\.", "classifier.logits."),
    (r"\.(px_)?(en|de)coder\.fc_layers\.Layer ", "."),
    (r"\.(mean|var)_(en|de)coder\.", r".\1."),
    (r"(\.\d+)\.0\.(weight|bias)$", r"\1.\2"),
    (r"(\.\d+)\.1\.weight$", r"\1.bn.gamma"),
    (r"(\.\d+)\.1\.bias$", r"\1.bn.beta"),
    (r"(\.\d+)\.1\.", r"\1.bn."),
]


def cells():
    """Three kinds in two batches; every third label is hidden."""
    rng = np.random.default_rng(5)
    kind = np.arange(CELLS) % 3
    mean = rng.gamma(0.6, 2.0, (3, GENES))[kind] * rng.lognormal(0.5, 0.3, (CELLS, 1))
    batch = rng.integers(0, 2, CELLS)
    mean *= np.where(batch[:, None] == 1, rng.lognormal(0, 0.5, GENES), 1)
    counts = rng.poisson(mean * rng.gamma(2.0, 0.5, mean.shape))
    counts[:, 0] += 1
    labels = np.where(rng.random(CELLS) < 0.3, "unknown", np.array(["a", "b", "c"])[kind])
    obs = pd.DataFrame({"batch": np.array(["x", "y"])[batch], "kind": np.array(["a", "b", "c"])[kind], "label": labels})
    adata = anndata.AnnData(counts.astype(np.float32), obs=obs.astype("category"))
    adata.var_names = [f"g{i}" for i in range(GENES)]
    return adata


def weights(state):
    """By our names: tables of covariates apart, the first layer gene by gene."""
    out = {}
    for name, value in state.items():
        ours = name
        for pattern, to in RENAMES:
            ours = re.sub(pattern, to, ours)
        w = value.numpy().astype(np.float32)
        layer = ours.removesuffix("weight")
        if ours == "px_r" or w.ndim < 2:
            out[ours] = w.reshape(1, -1)
        elif layer in ("z_encoder.0.", "l_encoder.0."):
            out[ours] = w.T
        elif layer in ("decoder.0.", "px_scale.0.") and w.shape[1] == LATENT + 2:
            out[ours], out[layer + "batch"] = w[:, :LATENT], w[:, LATENT:].T
        elif layer in ("encoder_z2_z1.0.", "decoder_z1_z2.0."):
            out[ours], out[layer + "class"] = w[:, :LATENT], w[:, LATENT:].T
        else:
            out[ours] = w
    return out


def save(folder, kind, params, model, levels, unlabelled=None):
    tensors = {f"weights/{k}": v for k, v in weights(model.module.state_dict()).items()}
    counts, batch = model.adata.X.sum(1), model.adata.obs["batch"]
    logs = [np.log(counts[batch == b].astype(np.float64)) for b in ("x", "y")]
    tensors["log_totals/means"] = np.array([v.mean() for v in logs])
    tensors["log_totals/variances"] = np.array([v.var() for v in logs])
    tensors["split/training"] = np.asarray(model.train_indices, dtype=np.int32)
    tensors["split/validation"] = np.asarray(model.validation_indices, dtype=np.int32)
    registry = dict(n_genes=GENES, levels=levels, unlabelled=unlabelled, continuous=0, size_factors=False)
    texts = dict(format="cellweave model", version="1", model=kind, params=json.dumps(params), trained="true")
    texts.update(genes=json.dumps(list(model.adata.var_names)), registry=json.dumps(registry))
    header, at = {"__metadata__": texts}, 0
    for name, value in tensors.items():
        kind = {"float32": "F32", "float64": "F64", "int32": "I32"}[str(value.dtype)]
        header[name] = dict(dtype=kind, shape=value.shape, data_offsets=[at, at + value.nbytes])
        at += value.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "model.safetensors", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            f.write(np.ascontiguousarray(value).tobytes())


def rounded(x):
    x = np.asarray(x, dtype=np.float64)
    return np.array([float(f"{v:.6g}") for v in x.ravel()]).reshape(x.shape).tolist()


def drawn(once, times):
    values = np.array([np.asarray(once(), dtype=np.float64) for _ in range(times)])
    return dict(mean=rounded(values.mean(0)), error=rounded(values.std(0) / np.sqrt(times)))


def answers(model, latent_library):
    mean, variance = model.get_latent_representation(return_dist=True)
    out = {"latent_mean": rounded(mean), "latent_variance": rounded(variance)}
    out["elbo"] = drawn(lambda: model.get_elbo(return_mean=False), 400)
    out["reconstruction"] = drawn(lambda: model.get_reconstruction_error(return_mean=False)["reconstruction_loss"], 400)
    out["marginal"] = drawn(lambda: model.get_marginal_ll(n_mc_samples=200, return_mean=False), 10)
    some = dict(n_samples=25, return_mean=True, return_numpy=True, indices=np.arange(30))
    out["expression"] = drawn(lambda: model.get_normalized_expression(transform_batch="y", **some), 40)
    both = dict(transform_batch=["x", "y"], library_size="latent")
    out["averaged"] = drawn(lambda: model.get_normalized_expression(**both, **some), 40)
    if latent_library:
        out["library"] = rounded(model.get_latent_library_size().ravel())
    for name, dof in (("student", 3.0), ("normal", None)):
        posterior = model.get_aggregated_posterior(dof=dof)
        out[name] = rounded(posterior.log_prob(torch.from_numpy(mean)))
    model.differential_abundance(sample_key="kind")
    log_probs = model.adata.obsm["da_log_probs"]
    out["abundance"] = rounded(log_probs[["a", "b", "c"]])
    of = dict(groupby="kind", group1="a", silent=True)
    out["vanilla"] = compared(model.differential_expression(**of), ["proba_m1", "scale1", "scale2"])
    columns = ["proba_de", "lfc_mean", "lfc_median", "lfc_std", "raw_mean1", "raw_normalized_mean2"]
    change = dict(mode="change", batch_correction=True)
    tables = [model.differential_expression(**of, **change) for _ in range(10)]
    out["change"] = compared(tables[0], columns)
    out["pseudocounts"] = rounded([t["pseudocounts"].iloc[0] for t in tables])
    correlation = dict(n_samples=20, correlation_type="spearman")
    out["correlation"] = drawn(lambda: model.get_feature_correlation_matrix(**correlation), 5)
    return out


def compared(table, columns):
    table = table.loc[[f"g{i}" for i in range(GENES)]]
    return {name: rounded(table[name]) for name in columns}


def main(path):
    torch.set_num_threads(1)
    scvi.settings.seed = 0
    adata, path = cells(), pathlib.Path(path)
    size = dict(n_hidden=12, n_latent=LATENT)
    fit = dict(max_epochs=60, batch_size=32, plan_kwargs=dict(lr=0.01, n_epochs_kl_warmup=20), enable_progress_bar=False)
    common = dict(nHidden=12, nLatent=LATENT, nLayers=1, dropoutRate=0.1, dispersion="GENE", geneLikelihood="ZINB")
    common.update(latentDistribution="NORMAL", useObservedLibSize=True, logVariational=True, encodeCovariates=False)
    common.update(deeplyInjectCovariates=True, useBatchNorm="BOTH", useLayerNorm="NONE", seed=0)
    batches = dict(batch=["x", "y"])

    scvi.model.SCVI.setup_anndata(adata, batch_key="batch")
    for name, likelihood, observed in (("zinb", "zinb", True), ("nb_library", "nb", False)):
        model = scvi.model.SCVI(adata, gene_likelihood=likelihood, use_observed_lib_size=observed, **size)
        model.train(**fit)
        params = dict(common, geneLikelihood=likelihood.upper(), useObservedLibSize=observed)
        save(path / name, "SCVI", params, model, batches)
        write(path / name, answers(model, not observed))

    scvi.model.LinearSCVI.setup_anndata(adata, batch_key="batch")
    model = scvi.model.LinearSCVI(adata, **size)
    model.train(**fit)
    params = dict(common, geneLikelihood="NB", useObservedLibSize=False)
    save(path / "linear", "LinearSCVI", dict(scvi=params, bias=False), model, batches)
    elbo = drawn(lambda: model.get_elbo(return_mean=False), 400)
    write(path / "linear", dict(loadings=rounded(model.get_loadings()), elbo=elbo))

    scvi.model.SCANVI.setup_anndata(adata, batch_key="batch", labels_key="label", unlabeled_category="unknown")
    model = scvi.model.SCANVI(adata, **size)
    model.train(**fit)
    own = dict(scvi=common, unlabeledCategory="unknown", linearClassifier=False, classificationRatio=50, wasPretrained=False)
    levels = dict(batches, labels=["a", "b", "c", "unknown"])
    save(path / "scanvi", "SCANVI", own, model, levels, "unknown")
    soft = model.predict(soft=True)
    elbo = drawn(lambda: model.get_elbo(return_mean=False), 400)
    write(path / "scanvi", dict(soft=rounded(soft[["a", "b", "c"]]), hard=list(model.predict()), elbo=elbo))

    rng = np.random.default_rng(1)
    lfc = np.concatenate([rng.normal(0, 0.1, 300), rng.normal(1.5, 0.4, 60), rng.normal(-1, 0.3, 40)])
    x = dict(counts=rounded(adata.X), batch=list(adata.obs["batch"]), kind=list(adata.obs["kind"]))
    x.update(label=list(adata.obs["label"]), lfc=rounded(lfc), delta=float(estimate_delta(lfc)))
    x["version"] = f"scvi-tools {scvi.__version__}, torch {torch.__version__}"
    write(path, x, "cells.json")


def write(folder, values, name="answers.json"):
    (folder / name).write_text(json.dumps(values, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
