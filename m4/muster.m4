# MUSTER_CHECK_FLAG(VARIABLE, FLAG) -- add FLAG to VARIABLE if the compiler
# takes it without a word (-Werror), so that a new flag breaks no old compiler.
AC_DEFUN([MUSTER_CHECK_FLAG], [
  AS_VAR_PUSHDEF([cache], [muster_cv_flag_$2])
  AC_CACHE_CHECK([whether $CC takes $2], [cache], [
    muster_save=$CFLAGS
    CFLAGS="$CFLAGS -Werror $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$muster_save])
  AS_VAR_IF([cache], [yes], [$1="$$1 $2"])
  AS_VAR_POPDEF([cache])])

# MUSTER_CHECK_FLAGS(VARIABLE, FLAGS) -- the same for a blank-separated list.
AC_DEFUN([MUSTER_CHECK_FLAGS], [
  m4_foreach_w([flag], [$2], [MUSTER_CHECK_FLAG([$1], flag)])])
