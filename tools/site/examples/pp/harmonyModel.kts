// data: clustered
val model = sc.pp.harmonyModel(adata, key = "batch")
model
