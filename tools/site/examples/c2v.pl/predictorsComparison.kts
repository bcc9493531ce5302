// data: barcoded
val clones = c2v.pp.clonesAdata(adata, obsName = "clone", fillObs = "fate")
val fates = c2v.pp.transferExpression(adata, clones)
sc.pp.pca(fates, nComps = 10)
c2v.utils.gs(fates, n = 40)
val shap = c2v.tl.boostedTrees(fates, "proportions", numTrees = 20)
c2v.utils.correctShap(shap)
c2v.pl.predictorsComparison(shap, "fate_0", "fate_1")
