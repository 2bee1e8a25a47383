# Starts, finds and stops the cluster's processes. A process id alone proves nothing once the process has ended,
# so its start time is kept beside it and compared before anything is done to it.
# shellcheck shell=bash

# Clock ticks between boot and the process's start: field 22 of stat, counted behind the parenthesised name.
start_ticks() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} != Z ]] || return 1
  printf '%s' "${fields[19]}"
}

# Prints the process id of a process of ours that is alive.
process_id() {
  local pid ticks file=$run_dir/$1.pid
  [[ -f $file ]] || return 1
  read -r pid ticks <"$file"
  [[ $(start_ticks "$pid") == "$ticks" ]] || return 1
  printf '%s' "$pid"
}

log_of() {
  printf '%s/%s.log' "$log_dir" "$1"
}

# Proxies and credentials of the caller's environment are no business of the cluster.
start_process() {
  local name=$1 pid log
  shift
  ! process_id "$name" >/dev/null || return 0
  log=$(log_of "$name")
  [[ ! -f $log ]] || mv "$log" "$log.previous"
  # The lock of the calling script must not live on in the process.
  env -i PATH="$PATH" HOME="$state_dir" setsid "$@" </dev/null >"$log" 2>&1 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_ticks "$pid")" >"$run_dir/$name.pid"
}

# Fails at once when the process has ended, and at the latest after the given seconds.
wait_healthy() {
  local name=$1 seconds=$2 log deadline
  log=$(log_of "$name")
  deadline=$(($(now_ms) + seconds * 1000))
  until healthy "$name"; do
    if ! process_id "$name" >/dev/null; then
      show_log "$log"
      die "$name ended while starting: read $log, then run \"deploy/local/cluster up --profile $profile\" again"
    fi
    if (($(now_ms) > deadline)); then
      show_log "$log"
      die "$name was not healthy after $seconds s: read $log, or start over with \"deploy/local/cluster down --profile $profile\""
    fi
    sleep 0.1
  done
}

gone() {
  [[ ! -d /proc/$1 ]] || ! start_ticks "$1" >/dev/null
}

# The state goes away with the processes, so there is nothing that they would have to write first. Returns when
# the process has ended, so that its port is free and its files are closed.
end_process() {
  local name=$1 pid
  if pid=$(process_id "$name"); then
    kill -9 "$pid" 2>/dev/null || true
    wait_until 10 gone "$pid" || die "$name (process $pid) does not end after kill -9: look at /proc/$pid/stack"
  fi
  rm -f "$run_dir/$name.pid"
}

# A foreign process on one of our ports would otherwise show up as a puzzling health failure.
check_port_free() {
  local name=$1 address=$2 port=$3 user
  ! process_id "$name" >/dev/null || return 0
  user=$(ss -Hltnp "sport = :$port" | awk -v address="$address" '{
    host = $4; sub(/:[0-9]+$/, "", host)
    if (host == address || host == "0.0.0.0" || host == "*" || host == "[::]") print $6 }' | head -1)
  [[ -z $user ]] || die "port $port, needed by $name of the $profile profile, is in use by $user: stop that process first"
}
