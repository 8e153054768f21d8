"""The programs that attacks run inside a kernel's container; each prints one JSON object.

They are text, because the same program runs as a cell's child in a live kernel and, where a control
of the container is taken away, in a container like it. ``GIVEN`` is what the attack tells them.
"""

REACH = """
import socket, errno
def attempt(family, address):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.settimeout(3)
            one.connect(tuple(address) if isinstance(address, list) else address)
            return 'connected'
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
told = {str(a): attempt(socket.AF_INET6 if ':' in a[0] else socket.AF_INET, a) for a in GIVEN['addresses']}
try:
    told['name'] = str(socket.getaddrinfo(GIVEN['name'], 80)[0][4][0])
except OSError as error:
    told['name'] = ''
told['interfaces'] = sorted(os.listdir('/sys/class/net'))
print(json.dumps(told))
"""

FAMILIES = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
told = {}
for name, (family, kind, protocol) in GIVEN['families'].items():
    made = libc.socket(family, kind, protocol)
    told[name] = 'made' if made >= 0 else errno.errorcode.get(ctypes.get_errno(), '?')
    if made >= 0:
        os.close(made)
print(json.dumps(told))
"""

SYSCALLS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
told = {}
for name, arguments in GIVEN['calls'].items():
    pid = os.fork()
    if pid == 0:
        got = libc.syscall(*[ctypes.c_long(a) for a in arguments])
        os._exit(0 if got >= 0 else min(255, ctypes.get_errno()))
    status = os.waitpid(pid, 0)[1]
    told[name] = 'killed' if os.WIFSIGNALED(status) else 'done' if status == 0 else errno.errorcode.get(os.WEXITSTATUS(status), '?')
print(json.dumps(told))
"""

ABSTRACT_SERVER = """
import socket
server = socket.socket(socket.AF_UNIX); server.bind(chr(0) + GIVEN['name']); server.listen()
print(json.dumps({'ready': 1}), flush=True)
while True:
    server.accept()[0].sendall(b'here')
"""
ABSTRACT_CLIENT = """
import socket
found = [line.split()[-1] for line in open('/proc/net/unix') if '@' in line]
try:
    one = socket.socket(socket.AF_UNIX); one.settimeout(3); one.connect(chr(0) + GIVEN['name'])
    said = one.recv(9).decode()
except OSError as error:
    said = ''
print(json.dumps({'said': said, 'names': found[:20]}))
"""

SOCKETS = """
import socket
told, tops = {}, ('/run', '/var/run', '/tmp', '/work', '/srv', '/home', '/mnt', '/opt')
known = [('/run/hub', [], ['hub.sock']), ('/run/intake', [], ['intake.sock']), ('/run/gate', [], ['gate.sock']),
         ('/run/web', [], ['s.sock']), ('/run', [], ['docker.sock']), ('/run/proxy', [], ['api.sock'])]
for top in tops:
    for folder, folders, names in [*known, *os.walk(top)]:
        for name in names:
            path = os.path.join(folder, name)
            if os.path.realpath(path) in told or '/k/' in path:
                continue
            try:
                one = socket.socket(socket.AF_UNIX); one.settimeout(3); one.connect(path)
                one.sendall(b'GET /hub/api HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n')
                told[path] = one.recv(60).decode('latin1')
            except OSError:
                continue
print(json.dumps({'sockets': told}))
"""

HUNT = """
found = []
def read(path):
    try:
        with open(path, 'rb') as file:
            return file.read(1 << 20)
    except OSError:
        return b''
wanted = GIVEN['backwards'][::-1].encode()
own = str(os.getpid())
for pid in filter(str.isdigit, os.listdir('/proc')):
    if pid != own:
        found += [f'{pid}/{n}' for n in ('environ', 'cmdline') if wanted in read(f'/proc/{pid}/{n}')]
for top in ('/run', '/tmp', '/work', '/etc', '/home', '/root', '/dev/shm', '/var', '/srv', '/data'):
    for folder, _, names in os.walk(top):
        found += [p for n in names if os.path.isfile(p := os.path.join(folder, n)) and os.path.getsize(p) < 1 << 20 and wanted in read(p)]
others = [p for p in filter(str.isdigit, os.listdir('/proc')) if p != own and 'buhretypuj'[::-1].encode() in read(f'/proc/{p}/cmdline')]
print(json.dumps({'found': found[:20], 'others': others[:5]}))
"""

BROKER = """
import ctypes, re, struct
def line(pid):
    return open(f'/proc/{pid}/cmdline', 'rb').read()
broker = next(p for p in filter(str.isdigit, os.listdir('/proc')) if line(p).split(bytes(1))[1:3] == [b'-m', b'hanare_broker'])
told = {'found': 0, 'how': []}
wanted = GIVEN['backwards'][::-1].encode()
try:
    maps = open(f'/proc/{broker}/maps').read().splitlines()
    memory = open(f'/proc/{broker}/mem', 'rb', 0)
    for row in maps:
        low, high = (int(x, 16) for x in row.split()[0].split('-'))
        if 'rw' in row.split()[1] and high - low < 1 << 28:
            memory.seek(low)
            told['found'] += wanted in memory.read(high - low)
    told['how'].append('mem')
except OSError as error:
    told['mem'] = str(error)
for name in ('environ', 'fd'):
    try:
        os.listdir(f'/proc/{broker}/fd') if name == 'fd' else open(f'/proc/{broker}/{name}', 'rb').read()
        told['how'].append(name)
    except OSError as error:
        told[name] = str(error)
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, int(broker), 0, 0) == 0:
    told['how'].append('ptrace'); os.waitpid(int(broker), 0x40000000); libc.ptrace(17, int(broker), 0, 0)
class Piece(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
if 'maps' in dir():
    room = ctypes.create_string_buffer(64)
    got = libc.process_vm_readv(int(broker), ctypes.byref(Piece(ctypes.addressof(room), 64)), 1, ctypes.byref(Piece(int(maps[0].split('-')[0], 16), 64)), 1, 0)
    told['how'] += ['process_vm_readv'] if got > 0 else []
print(json.dumps(told))
"""

WRITE_ROOT = """
done = []
for path in GIVEN['paths']:
    try:
        with open(path, 'ab') as file:
            file.write(b'x')
        done.append(path)
    except OSError:
        continue
print(json.dumps({'done': done}))
"""

DEVICES = """
import stat
done = []
for name, kind in (('null', os.makedev(1, 3)), ('mem', os.makedev(1, 1)), ('disk', os.makedev(8, 0))):
    for top in ('/work', '/tmp'):
        try:
            os.mknod(f'{top}/dev-{name}', 0o666 | stat.S_IFCHR, kind); done.append(f'{top}/dev-{name}'); os.remove(f'{top}/dev-{name}')
        except OSError:
            continue
status = dict(line.split(':', 1) for line in open('/proc/self/status').read().splitlines() if ':' in line)
print(json.dumps({'done': done, 'effective': status['CapEff'].strip(), 'privileges': status['NoNewPrivs'].strip()}))
"""

PROCESSES = """
import signal, time
children, most = [], GIVEN['most']
try:
    while len(children) < most:
        pid = os.fork()
        if pid == 0:
            time.sleep(60); os._exit(0)
        children.append(pid)
except OSError:
    pass
print(json.dumps({'made': len(children)}), flush=True)
for pid in children:
    os.kill(pid, signal.SIGKILL)
for pid in children:
    os.waitpid(pid, 0)
"""

MEMORY = """
import mmap
pid = os.fork()
if pid == 0:
    with mmap.mmap(-1, GIVEN['bytes']) as room:
        for at in range(0, GIVEN['bytes'], 4096):
            room[at] = 1
    os._exit(0)
status = os.waitpid(pid, 0)[1]
print(json.dumps({'touched': status == 0, 'status': status}))
"""

FILL = """
def fill(folder, most):
    path, done = os.path.join(folder, 'filler'), 0
    try:
        with open(path, 'wb', 0) as file:
            while done < most:
                done += file.write(bytes(1 << 20))
    except OSError:
        pass
    finally:
        if os.path.exists(path):
            os.remove(path)
    return done
print(json.dumps({top: fill(top, most) for top, most in GIVEN['tops'].items() if os.path.isdir(top)}))
"""

RESERVE = """
path = os.path.join(GIVEN['top'], 'reserved')
try:
    with open(path, 'wb') as file:
        os.posix_fallocate(file.fileno(), 0, GIVEN['bytes'])
    told = {'reserved': True}
except OSError as error:
    told = {'reserved': False, 'why': str(error)}
finally:
    if os.path.exists(path):
        os.remove(path)
print(json.dumps(told))
"""

INODES = """
made = 0
top = os.path.join(GIVEN['top'], 'inodes'); os.makedirs(top, exist_ok=True)
try:
    while made < GIVEN['most']:
        os.mknod(f'{top}/{made}'); made += 1
except OSError:
    pass
import shutil
shutil.rmtree(top, ignore_errors=True)
print(json.dumps({'made': made}))
"""

DESCRIPTORS = """
made = []
try:
    while len(made) < GIVEN['most']:
        made.append(os.dup(0))
except OSError:
    pass
print(json.dumps({'made': len(made)}))
"""

HOLD = """
import ctypes, time, fcntl, resource
libc = ctypes.CDLL(None)
watches = 0
while libc.inotify_init() >= 0 and watches < 5000:
    watches += 1
pipes = 0
try:
    while pipes < 2000:
        a, b = os.pipe(); fcntl.fcntl(b, 1031, 1 << 20); pipes += 1
except OSError:
    pass
print(json.dumps({'inotify': watches, 'pipes': pipes}), flush=True)
time.sleep(300)
"""
HELD = """
import ctypes, fcntl
libc = ctypes.CDLL(None)
made = 0
while made < 3 and libc.inotify_init() >= 0:
    made += 1
try:
    a, b = os.pipe(); size = fcntl.fcntl(b, 1032)
except OSError:
    size = 0
print(json.dumps({'inotify': made, 'pipe': size}))
"""

SPIN = """
for _ in range(GIVEN['processes']):
    if os.fork() == 0:
        while True:
            pass
print(json.dumps({'spinning': GIVEN['processes']}), flush=True)
import time
time.sleep(300)
"""
WORK = """
import time
start = time.monotonic()
n = 0
for i in range(GIVEN['rounds']):
    n += i * i % 7
print(json.dumps({'seconds': time.monotonic() - start}))
"""
