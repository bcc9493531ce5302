// data: counts
sc.pp.recipePearsonResiduals(adata, nTopGenes = 200, nComps = 15)
adata
