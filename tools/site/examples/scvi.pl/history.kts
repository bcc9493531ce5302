// data: trained
scvi.pl.history(mapOf("SCVI" to model), keys = listOf("elbo_train"))
