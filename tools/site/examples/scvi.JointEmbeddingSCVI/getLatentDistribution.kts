// data: joint
val (mean, variance) = model.getLatentDistribution()
mean.shape
