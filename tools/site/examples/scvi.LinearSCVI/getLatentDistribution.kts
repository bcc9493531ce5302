// data: linear
val (mean, variance) = model.getLatentDistribution()
mean.shape
