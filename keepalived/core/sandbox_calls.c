/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System call filter of engine processes (libseccomp): what no engine ever needs fails with EPERM.
 *
 * A list of what is refused rather than of what is allowed: an unexpected call of a library after
 * an update must not take virtual addresses down. Programs, debugging, mounts, modules, kernels,
 * clocks, keys, other users' files and further processes are what an attacker would want.
 */
#include "core/sandbox.h"

#include <errno.h>
#include <seccomp.h>

/* The leak checker of sanitized builds starts a helper at exit. */
#if defined(__SANITIZE_ADDRESS__)
#define PROCESS_CALLS
#else
#define PROCESS_CALLS SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone), SCMP_SYS(ptrace),
#endif

static const int refused[] = {
	PROCESS_CALLS
	SCMP_SYS(execve), SCMP_SYS(execveat),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
	SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
	SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen), SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr),
	SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(quotactl), SCMP_SYS(acct),
	SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(reboot),
	SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
	SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl),
	SCMP_SYS(settimeofday), SCMP_SYS(clock_settime), SCMP_SYS(adjtimex),
	SCMP_SYS(clock_adjtime), SCMP_SYS(sethostname), SCMP_SYS(setdomainname),
	SCMP_SYS(syslog), SCMP_SYS(vhangup), SCMP_SYS(personality), SCMP_SYS(unshare),
	SCMP_SYS(name_to_handle_at), SCMP_SYS(open_by_handle_at),
	SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
	SCMP_SYS(chown), SCMP_SYS(fchown), SCMP_SYS(lchown), SCMP_SYS(fchownat),
	SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(truncate),
	SCMP_SYS(setxattr), SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr),
	SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid),
	SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups),
};

static int fill(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (refused[i] != __NR_SCMP_ERROR)
			(void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	/* No slower memory accesses for the sake of a filter (kernels before 5.16). */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	/* clone3 takes its flags from memory: without it the C library falls back to clone. */
	(void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return seccomp_load(filter);
}

int sandbox_system_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter)
		return -ENOMEM;
	int result = fill(filter);

	seccomp_release(filter);
	return result;
}
