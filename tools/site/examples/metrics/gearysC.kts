// data: clustered
adata.vars["gearys_c"] = sc.metrics.gearysC(adata)
adata.vars["gearys_c"].describe()
