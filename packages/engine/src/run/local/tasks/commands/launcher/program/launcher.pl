# Starts commands for a relpipe that would take longer to, because a start copies the page tables of who starts:
#   perl launcher.pl BOOK PID    the process book to write, and the number of relpipe's process
# Orders come by standard input, reports go by standard output; frame.ts says how they look. It lives as long as relpipe holds both.
# Nothing but pragmas is loaded. Each page that is written after a start is copied, so little is done here, and what can wait is done in the
# new process.
use strict;
use warnings;
no warnings 'exec';

my ($book_path, $relpipe) = @ARGV;
my $launcher = $$;
my ($ready, $started, $failed, $stdout, $stderr, $exited) = 0 .. 5;
my $piece = 65_536;
# More than what the system keeps of an output that nobody reads.
my $most_held = 1024 * 1024;

# Whoever ends everything here means relpipe, which asks the commands to end before it does.
my @deaf = qw(INT TERM HUP);
$SIG{$_} = 'IGNORE' for @deaf;
pipe my ($deaths), my ($death) or die $!;
$SIG{CHLD} = sub { syswrite $death, '.' };

open my $book, '>>', $book_path or die "$book_path: $!";
# Commands have no input; what else they start with is as it is here, so that nothing has to be done for it with each start.
open my $orders_from, '<&', \*STDIN or die $!;
open my $reports_to, '>&', \*STDOUT or die $!;
open STDIN, '<', '/dev/null' or die $!;

my %commands;     # by the number of the process: its number with relpipe, and its channels
my %channels;     # by the number of the file: where from, whose, and what is done with what comes
my $watched = '';
my $orders = '';
my $reports = '';
my $buffer = '';
# That a command has started, or an output is closed, waits a moment for what may come with it: each report wakes relpipe.
my $is_news = 0;
my $moment = 0.002;
# Perl hears of a signal between two of its operations: of one that comes just before the wait it would hear only behind it.
my $longest = 0.1;
# errno(3) EINTR; %! would load a module for it.
my $interrupted = 4;

vec($watched, fileno $_, 1) = 1 for $orders_from, $deaths;
report($ready, 0, '');
send_reports();
while (1) {
    my $live = $watched;
    my $found = select $live, undef, undef, length $reports ? $moment : %commands ? $longest : undef;
    send_reports() if $found == 0;
    next if $found < 1;
    take_orders() if vec $live, fileno $orders_from, 1;
    for my $file (grep { vec $live, $_, 1 } keys %channels) {
        my $channel = $channels{$file} or next;
        $channel->{take}->($channel);
    }
    bury() if vec $live, fileno $deaths, 1;
    send_reports() if $is_news;
}

sub take_orders {
    my $read = sysread $orders_from, $orders, $piece, length $orders;
    return if !defined $read;
    exit if $read == 0;
    while (length $orders >= 4 && length $orders >= 4 + unpack 'N', $orders) {
        obey(unpack '(N/a*)*', unpack 'N/a*', $orders);
        substr $orders, 0, 4 + unpack('N', $orders), '';
    }
}

sub obey {
    my ($what, @rest) = @_;
    return start(@rest) if $what eq 'start';
    return %ENV = unpack '(N/a*)*', $rest[0] if $what eq 'environment';
    # Still read, because who writes to an output without a reader is killed.
    $_->{command}{is_left} = 1 for grep { $_->{command}{number} == $rest[0] } values %channels;
}

sub start {
    my ($number, $starting, $before_pid, $before_ticks, $behind, @what) = @_;
    # The last orders of one that has been killed may still be in the pipe.
    exit if getppid != $relpipe;
    my (@readers, @writers);
    pipe $readers[$_], $writers[$_] or return report($failed, $number, $! + 0) for 0 .. 2;

    note($starting);
    my $pid = fork;
    return report($failed, $number, $! + 0) if !defined $pid;
    become(@writers, @what) if $pid == 0;
    # Here and there: whoever reads the book finds a group, whichever comes first.
    setpgrp $pid, $pid;
    note($before_pid . $pid . $before_ticks . ticks($pid) . $behind);
    close $_ for @writers;

    my ($out, $err, $trouble) = @readers;
    my $command = $commands{$pid} = {number => $number, pid => $pid};
    $command->{outputs} = [channel($out, $command, \&pass_on, $stdout), channel($err, $command, \&pass_on, $stderr)];
    $command->{trouble} = channel($trouble, $command, \&learn);
}

# Never returns.
sub become {
    my ($out, $err, $trouble, $folder, $argv, $variables) = @_;
    setpgrp 0, 0;
    $SIG{$_} = 'DEFAULT' for @deaf;
    my @argv = unpack '(N/a*)*', $argv;
    my %variables = unpack '(N/a*)*', $variables;
    @ENV{keys %variables} = values %variables;
    my $is_ready = open(STDOUT, '>&', $out) && open(STDERR, '>&', $err) && chdir $folder;
    # Not booked perhaps: nobody would know of it.
    kill 'KILL', $$ if getppid != $launcher;
    exec {$argv[0]} @argv if $is_ready;
    syswrite $trouble, $! + 0;
    kill 'KILL', $$;
}

# proc_pid_stat(5), field 22; the name in field 2 may hold anything.
sub ticks {
    my ($pid) = @_;
    open my $file, '<:unix', "/proc/$pid/stat" or return '';
    sysread $file, $buffer, $piece;
    return $buffer =~ /.*\) (?:\S+ ){19}(\d+)/s ? $1 : '';
}

sub note {
    my ($entry) = @_;
    die "$book_path: $!\n" if (syswrite($book, $entry) // 0) != length $entry;
}

sub channel {
    my ($from, $command, $take, $kind) = @_;
    vec($watched, fileno $from, 1) = 1;
    return $channels{fileno $from} = {from => $from, command => $command, take => $take, kind => $kind};
}

sub shut {
    my ($channel) = @_;
    my $file = fileno $channel->{from};
    return if !defined $file;
    vec($watched, $file, 1) = 0;
    delete $channels{$file};
    close $channel->{from};
}

# Nothing when the command is at work: its end of the pipe was closed by that.
sub learn {
    my ($trouble) = @_;
    my $command = $trouble->{command};
    my $read = sysread $trouble->{from}, my ($error), 16;
    return if !defined $read;
    shut($trouble);
    delete $command->{trouble};
    return report($started, $command->{number}, $command->{pid}) if $read == 0;
    shut($_) for @{$command->{outputs}};
    $command->{has_failed} = 1;
    report($failed, $command->{number}, $error);
}

sub pass_on {
    my ($output) = @_;
    my $read = sysread $output->{from}, $buffer, $piece;
    return if !defined $read;
    report($output->{kind}, $output->{command}{number}, $buffer) if !$output->{command}{is_left};
    $is_news = 1 if $read > 0;
    shut($output) if $read == 0;
    return $read;
}

# What a command itself has said is told before its end.
sub bury {
    sysread $deaths, $buffer, $piece;
    while ((my $pid = waitpid -1, 1) > 0) {
        my ($code, $signal) = ($? >> 8, $? & 127);
        my $command = delete $commands{$pid};
        learn($command->{trouble}) while $command->{trouble};
        next if $command->{has_failed};
        drain($_) for @{$command->{outputs}};
        report($exited, $command->{number}, pack 'CC', $code, $signal);
        $is_news = 1;
    }
}

sub drain {
    my ($output) = @_;
    for (my $held = 0; $held < $most_held && defined fileno $output->{from} && has_more($output);) {
        $held += pass_on($output) // 0;
        send_reports();
    }
}

sub has_more {
    my ($output) = @_;
    my $asked = '';
    vec($asked, fileno $output->{from}, 1) = 1;
    return select($asked, undef, undef, 0) > 0;
}

sub report {
    my ($kind, $number, $payload) = @_;
    $reports .= pack 'C N N/a*', $kind, $number, $payload;
}

# A full pipe stops the reading of what the commands print, and so the commands.
sub send_reports {
    $is_news = 0;
    while (length $reports) {
        my $written = syswrite $reports_to, $reports;
        substr $reports, 0, $written, '' if defined $written;
        exit if !defined $written && $! != $interrupted;
    }
}
