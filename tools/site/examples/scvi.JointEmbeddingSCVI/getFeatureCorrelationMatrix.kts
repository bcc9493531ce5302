// data: joint
model.getFeatureCorrelationMatrix(nSamples = 2).shape
