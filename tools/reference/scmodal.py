"""Three steps of scMODAL in PyTorch, float64, written from the description in the paper (doi:10.1038/s41467-025-60333-z).

    python tools/reference/scmodal.py jvm-core/src/test/resources/reference/neural/scmodal.json

Small networks on small random sets: weights before and after, the cells that each step draws, and every term of the loss.
"""
import json, sys
import numpy as np, torch
from torch import nn
from torch.nn.functional import cosine_similarity, normalize, softplus

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)
draw = np.random.default_rng(3)
cells, features, linked, batch, latent, hidden, k, steps = (30, 25), (7, 5), 4, 12, 3, 6, 4, 3
kinds = [draw.integers(0, 3, n) for n in cells]
centre = draw.normal(0, 1.5, (3, linked))
sets = []
for s in range(2):
    own = draw.normal(0, 1.5, (3, features[s] - linked))
    x = np.hstack([centre, own])[kinds[s]] + draw.normal(0, 0.6, (cells[s], features[s]))
    sets.append(np.round(x, 3).astype(np.float32).astype(np.float64))

def mlp(*units):
    layers = [layer for a, b in zip(units, units[1:]) for layer in (nn.Linear(a, b), nn.ReLU())][:-1]
    net = nn.Sequential(*layers)
    for w in net.parameters():
        nn.init.normal_(w, 0, 0.4)
        w.data = w.data.float().double()
    return net

enc = [mlp(p, hidden, latent) for p in features]
dec = [mlp(latent, hidden, p) for p in features]
dis = mlp(latent, hidden, hidden, 1)
nets = {"encoder.0": enc[0], "encoder.1": enc[1], "decoder.0": dec[0], "decoder.1": dec[1], "discriminator.0": dis}

def weights():
    out = {}
    for name, net in nets.items():
        for layer, linear in enumerate(net[::2]):
            out[f"{name}.{layer}.weight"] = linear.weight.detach().flatten().tolist()
            out[f"{name}.{layer}.bias"] = linear.bias.detach().tolist()
    return out

def kernel(x):
    return torch.exp(-((x[:, None] - x[None]) ** 2).mean(2) / 2)

def mutual(a, b):
    cosine = normalize(a) @ normalize(b).T
    there, back = torch.zeros_like(cosine), torch.zeros_like(cosine)
    # the first of equals, as drawn cells repeat
    there.scatter_(1, torch.sort(cosine, dim=1, descending=True, stable=True).indices[:, :k], 1)
    back.scatter_(0, torch.sort(cosine, dim=0, descending=True, stable=True).indices[:k], 1)
    return there * back

def scaled(x):
    x = torch.from_numpy(x)
    return (x - x.mean(0)) / x.std(0)

data = [scaled(x) for x in sets]
mine = [w for net in enc + dec for w in net.parameters()]
adam = torch.optim.Adam(mine, lr=1e-3, weight_decay=1e-3)
adam_d = torch.optim.Adam(dis.parameters(), lr=1e-3, weight_decay=1e-3)
adversary = lambda a, b: (softplus(-dis(a).clamp(-50, 50)) + softplus(dis(b).clamp(-50, 50))).mean()
out = {"sets": [x.flatten().tolist() for x in sets], "cells": cells, "features": features, "linked": linked, "batch": batch,
       "latent": latent, "hidden": hidden, "neighbors": k, "before": weights(), "draws": [], "losses": []}
for step in range(steps):
    # drawn without repeats here, so that no two cosines are equal
    drawn = [draw.permutation(n)[:batch] for n in cells]
    out["draws"].append([d.tolist() for d in drawn])
    x = [v[torch.from_numpy(d)] for v, d in zip(data, drawn)]
    z = [e(v) for e, v in zip(enc, x)]
    for _ in range(5):
        adam_d.zero_grad()
        d = adversary(z[0].detach(), z[1].detach())
        d.backward()
        adam_d.step()
    gan = -adversary(*z)
    ae = sum(((g(v) - w) ** 2).mean() for g, v, w in zip(dec, z, x))
    la = sum(((z[s] - enc[1 - s](dec[1 - s](z[s]))) ** 2).mean() for s in (0, 1))
    pairs = mutual(x[0][:, :linked], x[1][:, :linked])
    mnn = (pairs * ((z[0][:, None] - z[1][None]) ** 2).mean(2)).sum() / pairs.sum()
    cosines = [cosine_similarity(kernel(v), kernel(w), eps=1e-6) for v, w in zip(x, z)]
    geo = -sum(c.clamp(max=0.975).mean() for c in cosines)
    adam.zero_grad()
    (gan + 10 * ae + 10 * la + mnn + 10 * geo).backward()
    norm = nn.utils.clip_grad_norm_(mine, 5)
    adam.step()
    print(step, int(pairs.sum()), "pairs,", [int((c > 0.975).sum()) for c in cosines], "above the cut, norm", float(norm))
    out["losses"].append({"d": d.item(), "gan": gan.item(), "ae": ae.item(), "la": la.item(), "mnn": mnn.item(), "geo": geo.item()})
out["after"] = weights()
out["places"] = [e(v).detach().flatten().tolist() for e, v in zip(enc, data)]
json.dump(out, open(sys.argv[1], "w"))
