// data: barcoded
adata.obs["first"] = adata.obs["clone"]
adata.obs["second"] = adata.obs["well"]
c2v.pp.makeUniqueClones(adata, listOf("first", "second"), finalObsName = "both")
adata.obs["both"].valueCounts().head(3)
