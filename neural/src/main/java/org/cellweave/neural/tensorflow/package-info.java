/**
 * The engine on TensorFlow 2.18, for CPUs and GPUs: the networks as a graph whose gradients
 * TensorFlow derives.
 *
 * <p><b>Operations.</b> Only those whose gradients the C++ library has are used: products of dense
 * matrices, sums and means, broadcast arithmetic, {@code exp}, {@code log}, {@code log1p}, {@code
 * sqrt}, {@code rsqrt}, {@code softplus}, {@code softmax}, {@code relu}, {@code maximum}, {@code
 * lgamma}, rows and entries by {@code gather}, {@code tile}, {@code slice}, {@code concat}, {@code
 * cast} and the cross-entropy of softmax. The one exception is the product with sparse counts,
 * whose gradient is written out from that of what it gives. No custom gradient is registered: those
 * crash the JVM in the version of TensorFlow for Java that is used.
 *
 * <p><b>GPU.</b> By the library's own list all of these have kernels for GPUs, as have {@code
 * UnsortedSegmentSum}, which makes counts dense there, the gradients ({@code Digamma}, {@code
 * SoftplusGrad}, {@code ReluGrad}), variables and {@code ResourceApplyAdam}; an operation without
 * one would run on the CPU. Binomial, Poisson and gamma sampling have none, which is one reason why
 * all that is drawn is drawn by the JVM and fed. Sums by {@code UnsortedSegmentSum} are in no fixed
 * order there, and products are in TF32 on cards that have it, unless {@code
 * NVIDIA_TF32_OVERRIDE=0} is in the environment.
 *
 * <p><b>What a user installs.</b> For CPUs the artifact {@code
 * org.tensorflow:tensorflow-core-native:1.1.0} with the classifier of the platform ({@code
 * linux-x86_64}, {@code linux-arm64}, {@code macosx-arm64}, {@code windows-x86_64}; Maven profile
 * {@code tensorflow}, launcher {@code --tensorflow cpu}), 160 MB. For GPUs its classifier {@code
 * linux-x86_64-gpu} instead (profile {@code gpu}, launcher {@code --tensorflow gpu}), 526 MB, an
 * NVIDIA driver, and CUDA 12.5 with cuDNN 9.3, which {@code pip install
 * "tensorflow[and-cuda]==2.18.0"} brings as wheels; the folders {@code
 * site-packages/nvidia/*&#47;lib} of these go into {@code LD_LIBRARY_PATH}. {@code
 * TF_CPP_MIN_LOG_LEVEL=3} in the environment silences the library's notes.
 */
package org.cellweave.neural.tensorflow;
