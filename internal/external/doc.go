// Package external gives tests what is not part of the repository: files that
// others publish, whose directories environment variables name, and programs
// that others wrote. A test that does without is skipped and says for want of
// what; where the environment variable CI is set, nothing may be wanting and
// it fails.
package external
