// data: clustered
sc.get.rankGenesGroupsDf(adata, group = "type_0").head()
