# The R kernel's beginning: R --vanilla --file=ir_kernel.R --args CONNECTION_FILE
#
# Nothing of a person's folder is read before the first cell: no .Rprofile, no .Renviron, no saved workspace.
# Figures are PNG, made by Cairo, as large as Python's; fontconfig finds the image's Japanese font for every
# family that lacks the letters. Tables and help pages go out as text and as HTML and in no other form.
options(
  bitmapType = "cairo",
  repr.plot.width = 6.4,
  repr.plot.height = 4.8,
  repr.plot.res = 100,
  jupyter.plot_scale = 1,
  jupyter.plot_mimetypes = c("text/plain", "image/png"),
  jupyter.display_mimetypes = c("text/plain", "text/html", "image/png", "image/jpeg"),
  jupyter.pager_classes = character(0),
  mc.cores = 2L
)
sys.source("/opt/analysis/share/enclave_kit.R", envir = attach(NULL, name = "enclave_kit"))
# An interrupt that comes between two cells ends neither the loop nor the kernel.
kernel <- IRkernel:::Kernel$new(connection_file = commandArgs(trailingOnly = TRUE)[[1]])
repeat tryCatch(kernel$run(), interrupt = function(told) NULL)
