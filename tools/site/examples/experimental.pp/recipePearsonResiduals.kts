// data: counts
sc.experimental.pp.recipePearsonResiduals(adata, nTopGenes = 200, nComps = 15)
adata
