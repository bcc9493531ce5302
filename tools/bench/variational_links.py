"""Whether a variational CCA finds more hidden links than linear algebra does: the table of docs/mosaic.md.

    python variational_links.py quickstart_p123.h5mu adt_gene_links.csv [--epochs 200] [--seeds 3]

Needs torch, h5py and scipy. A finder scores every gene against every protein from the 400 paired cells (p3_0); scores are
standardised over the proteins of a gene. Half of the links are hidden, ten times; found is a hidden link whose gene is
among the ten best for its protein. Finders never see a link.
"""
import argparse
import itertools

import h5py
import numpy as np
import scipy.sparse as sp
import torch

TOP, SPLITS = 10, 10


def modality(file, name):
    group = file["mod/" + name]
    x = group["X"]
    shape = len(group["obs/_index"]), len(group["var/_index"])
    x = sp.csr_matrix((x["data"][:], x["indices"][:], x["indptr"][:]), shape).toarray().astype(float)
    total = x.sum(1)
    x = np.log1p(x / total[:, None] * np.median(total))
    batch = group["obs/batch"]
    paired = batch["categories"].asstr()[:][batch["codes"][:]] == "p3_0"
    cells = group["obs/_index"].asstr()[:][paired]
    return scaled(x[paired][np.argsort(cells)]), list(group["var/_index"].asstr()[:])


def scaled(x):
    deviation = x.std(0, ddof=1)
    return (x - x.mean(0)) / np.where(deviation > 1e-12, deviation, 1)


def correlation(a, b):
    return scaled(a).T @ scaled(b) / (len(a) - 1)


def over_proteins(scores):
    return (scores - scores.mean(1, keepdims=True)) / np.maximum(scores.std(1, keepdims=True), 1e-12)


def canonical(a, b, k):
    qa, qb = (np.linalg.qr(m - m.mean(0))[0] for m in (a, b))
    u, rho, vt = np.linalg.svd(qa.T @ qb)
    k = min(k, len(rho))
    return qa @ u[:, :k], qb @ vt[:k].T, np.clip(rho[:k], 0, 1)


class VariationalCca(torch.nn.Module):
    """Encoders of both sides to a Gaussian latent, Gaussian decoders; `private` latents of each side's own."""

    def __init__(self, p, q, latent, hidden, private):
        super().__init__()

        def net(n, m):
            if hidden == 0:
                return torch.nn.Linear(n, m)
            layers = torch.nn.Dropout(0.2), torch.nn.Linear(n, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, m)
            return torch.nn.Sequential(*layers)

        self.private = private
        self.encoders = torch.nn.ModuleList(net(n, 2 * latent) for n in (p, q))
        self.own = torch.nn.ModuleList(net(n, 2 * private) for n in (p, q)) if private else None
        self.decoders = torch.nn.ModuleList(net(latent + private, n) for n in (p, q))
        self.noise = torch.nn.ParameterList(torch.nn.Parameter(torch.zeros(n)) for n in (p, q))

    def posteriors(self, sides, kind):
        halves = [encode(side).chunk(2, 1) for encode, side in zip(self.encoders, sides)]
        (mx, lx), (my, ly) = [(m, v.clamp(-8, 8)) for m, v in halves]
        if kind == "vcca":
            return [(mx, lx)]
        if kind == "bi":
            return [(mx, lx), (my, ly)]
        precision = 1 + (-lx).exp() + (-ly).exp()
        return [((mx * (-lx).exp() + my * (-ly).exp()) / precision, -precision.log()), (mx, lx), (my, ly)]

    def loss(self, sides, kind):
        def kl(m, v):
            return 0.5 * (m**2 + v.exp() - 1 - v).sum(1).mean()

        def draw(m, v):
            return m + torch.randn_like(m) * (0.5 * v).exp()

        posteriors = self.posteriors(sides, kind)
        total = 0
        for m, v in posteriors:
            z = draw(m, v)
            total = total + kl(m, v)
            for s, side in enumerate(sides):
                code = z
                if self.private:
                    pm, pv = self.own[s](side).chunk(2, 1)
                    pv = pv.clamp(-8, 8)
                    total = total + kl(pm, pv)
                    code = torch.cat([z, draw(pm, pv)], 1)
                noise = self.noise[s].clamp(-4, 4)
                total = total + 0.5 * ((side - self.decoders[s](code)) ** 2 * (-noise).exp() + noise).sum(1).mean()
        return total / len(posteriors)


def trained(x, y, kind, latent, hidden, private, seed, epochs):
    torch.manual_seed(seed)
    sides = [torch.tensor(m, dtype=torch.float32) for m in (x, y)]
    model = VariationalCca(x.shape[1], y.shape[1], latent, hidden, private)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3, weight_decay=1e-4)
    for _ in range(epochs):
        for some in torch.randperm(len(x)).split(100):
            loss = model.loss([side[some] for side in sides], kind)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    model.eval()
    with torch.no_grad():
        means = [encode(side).chunk(2, 1)[0] for encode, side in zip(model.encoders, sides)]
        z = means[0] if kind == "vcca" else (means[0] + means[1]) / 2
        code = torch.cat([z, torch.zeros(len(x), private)], 1)
        return [m.double().numpy() for m in (*means, z, *(decode(code) for decode in model.decoders))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cells")
    parser.add_argument("links")
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    with h5py.File(args.cells) as file:
        (x, genes), (y, proteins) = modality(file, "rna"), modality(file, "adt")
    pairs = [line.strip().split(",") for line in open(args.links)]
    links = np.array([(genes.index(g), proteins.index(p)) for p, g in pairs if g in genes and p in proteins])
    hidden = [np.random.default_rng(s).permutation(len(links))[len(links) // 2 :] for s in range(SPLITS)]

    def tell(name, many):
        found = np.array([[(s[:, p] > s[g, p]).sum() < TOP for g, p in links] for s in map(over_proteins, many)])
        shares = np.array([found[:, split].mean() for split in hidden])
        print(f"{name:50s} {shares.mean():.3f} ({shares.std(ddof=1):.3f}), {found.sum(1).mean():.1f} of {len(links)}", flush=True)

    def structure(a, b, k):
        u, v, rho = canonical(a, b, k)
        return correlation(x, u) * rho**2 @ correlation(y, v).T

    ux, uy = (np.linalg.svd(m, full_matrices=False)[0] for m in (x, y))
    tell("correlation", [correlation(x, y)])
    for a, b, k in [(50, 30, 30), (100, 50, 50), (150, 150, 150), (200, 100, 100)]:
        tell(f"canonical, {a} and {b} components, {k} directions", [structure(ux[:, :a], uy[:, :b], k)])
    u, v, rho = canonical(ux[:, :150], uy[:, :150], 100)
    tell("canonical, values of both without noise", [correlation((v * rho) @ (u.T @ x), (u * rho) @ (v.T @ y))])
    for penalty in [100, 1000]:
        of_y = x @ np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)
        of_x = y @ np.linalg.solve(y.T @ y + penalty * np.eye(y.shape[1]), y.T @ x)
        tell(f"ridge {penalty}, values with measured ones", [correlation(of_x, y) + correlation(x, of_y)])
    for kind, layer, (latent, private) in itertools.product(
        ["vcca", "bi", "poe"], [0, 64, 256], [(10, 0), (30, 0), (30, 10), (50, 0)]
    ):
        made = [trained(x, y, kind, latent, layer, private, seed, args.epochs) for seed in range(args.seeds)]
        name = f"variational, {kind}, hidden {layer}, latent {latent} and {private}"
        if kind != "vcca":
            tell(name + ": structure, two sides", [structure(zx, zy, latent) for zx, zy, *_ in made])
        bases = [np.linalg.qr(z - z.mean(0))[0] for _, _, z, _, _ in made]
        tell(name + ": structure", [correlation(x, q) @ correlation(y, q).T for q in bases])
        tell(name + ": values", [correlation(gx, gy) for *_, gx, gy in made])
        tell(name + ": values with measured", [correlation(gx, y) + correlation(x, gy) for *_, gx, gy in made])


if __name__ == "__main__":
    main()
