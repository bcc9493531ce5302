// data: joint
model.getMarginalLl(nMcSamples = 20)
