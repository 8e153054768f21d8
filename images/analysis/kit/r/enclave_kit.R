# What a researcher calls from R: the project's extract, and the way to ask for a release.
#
# tables() says what is in the extract, query(sql) gives a data.frame, request_release() puts files into the outbox
# and releases() tells how far they are. All of it is done by the Python kit in this same process, so its rules and
# its sentences hold here too; this file only turns values of the one language into values of the other.

tables <- function() .frame(.kit("tables"))

query <- function(sql) .frame(.kit("query", sql))

releases <- function() .frame(.kit("releases"))

# files: paths, or a named list of what each file holds (a data.frame, a table, a matrix or a text), as in
# list("table1.csv" = table).
# sql: a named list of the SELECT behind a file, as in list("table1.csv" = "SELECT ..."); with it persons are counted again.
request_release <- function(files, title, what_it_shows, sql = NULL) {
  invisible(.kit("request_release", .given(files), title, what_it_shows, sql))
}

# What the checks would say of some files before they are handed in, and a mended draft of one ("round", "suppress", ...).
check <- function(files) cat(.kit("check", .given(files)), sep = "\n")

fix <- function(files, remedy) cat(.kit("fix", .given(files), remedy), sep = "\n")

.given <- function(files) {
  if (is.null(names(files))) as.list(as.character(files)) else Map(.content, files)
}

.kit <- function(name, ...) {
  side <- reticulate::import("enclave_kit.from_r")
  tryCatch(
    side[[name]](...),
    enclave_kit.sentences.KitError = function(told) {
      stop(paste(as.character(reticulate::py_to_r(told$args[[1]])), collapse = "\n"), call. = FALSE)
    }
  )
}

.frame <- function(columns) {
  vectors <- lapply(columns, .vector)
  names(vectors) <- vapply(columns, function(column) column$name, "")
  as.data.frame(vectors, check.names = FALSE, stringsAsFactors = FALSE)
}

.vector <- function(column) {
  values <- unlist(column$values)
  vector <- switch(column$kind,
    logical = as.logical(values),
    integer = as.integer(values),
    double = as.numeric(values),
    date = as.Date(as.numeric(values), origin = "1970-01-01"),
    moment = as.POSIXct(as.numeric(values), origin = "1970-01-01", tz = "UTC"),
    as.character(values)
  )
  vector[as.logical(unlist(column$missing))] <- NA
  vector
}

.content <- function(what) {
  if (!is.data.frame(what) && !is.table(what) && !is.matrix(what)) {
    return(paste(as.character(what), collapse = "\n"))
  }
  frame <- if (is.table(what)) as.data.frame(what, responseName = "n") else as.data.frame(what)
  # Row names with a meaning become a column, the running number does not.
  if (.row_names_info(frame) > 0) frame <- cbind(name = row.names(frame), frame)
  lines <- utils::capture.output(utils::write.csv(frame, row.names = FALSE, na = ""))
  list(csv = paste0(paste(lines, collapse = "\n"), "\n"))
}
