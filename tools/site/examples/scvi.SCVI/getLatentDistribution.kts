// data: trained
val (mean, variance) = model.getLatentDistribution()
mean.shape
