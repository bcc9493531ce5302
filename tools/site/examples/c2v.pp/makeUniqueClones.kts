// data: barcoded
adata.obs["first"] = adata.obs["clone"]
adata.obs["second"] = adata.obs["well"]
val both = c2v.pp.makeUniqueClones(adata, listOf("first", "second"), finalObsName = "both")
both.obs["both"].valueCounts().head(3)
