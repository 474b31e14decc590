# Starts commands for a relpipe that would take longer to, because a start copies the page tables of who starts:
#   perl launcher.pl BOOK PID    the process book to write, and the number of relpipe's process
# Orders come by standard input, reports go by standard output; frame.ts says how they look. It lives as long as relpipe holds both.
# Only what the language itself has is used: no module has to be found or loaded.
use strict;
use warnings;
no warnings 'exec';

my ($book_path, $relpipe) = @ARGV;
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
open my $nothing, '<', '/dev/null' or die $!;

my %environment;
my %commands;     # by the number of the process: its number with relpipe, and its outputs
my %outputs;      # by the number of the file: where from, whose, which
my $watched = '';
my $orders = '';
my $reports = '';

vec($watched, fileno $_, 1) = 1 for *STDIN, $deaths;
report($ready, 0, '');
while (1) {
    send_reports();
    my $live = $watched;
    next if select($live, undef, undef, undef) < 1;
    take_orders() if vec $live, fileno STDIN, 1;
    pass_on($_) for grep { vec $live, fileno $_->{from}, 1 } values %outputs;
    bury() if vec $live, fileno $deaths, 1;
}

sub take_orders {
    my $read = sysread STDIN, $orders, $piece, length $orders;
    return if !defined $read;
    exit if $read == 0;
    while (length $orders >= 4 && length $orders >= 4 + unpack 'N', $orders) {
        obey(unpack '(N/a*)*', unpack 'N/a*', $orders);
        substr $orders, 0, 4 + unpack('N', $orders), '';
    }
}

sub obey {
    my ($what, @rest) = @_;
    return %environment = @rest if $what eq 'environment';
    return start(@rest) if $what eq 'start';
    # Still read, because who writes to an output without a reader is killed.
    $_->{command}{is_left} = 1 for grep { $_->{command}{number} == $rest[0] } values %outputs;
}

sub start {
    my ($number, $starting, $before_pid, $before_ticks, $behind, $folder, $words, @rest) = @_;
    # The last orders of one that has been killed may still be in the pipe.
    exit if getppid != $relpipe;
    my @argv = splice @rest, 0, $words;
    my (@readers, @writers);
    pipe $readers[$_], $writers[$_] or return report($failed, $number, $! + 0) for 0 .. 2;
    my ($out, $err, $trouble) = @readers;

    note($starting);
    my $pid = fork;
    return report($failed, $number, $! + 0) if !defined $pid;
    become($folder, \@argv, {%environment, @rest}, @writers) if $pid == 0;
    note($before_pid . $pid . $before_ticks . ticks($pid) . $behind);
    close $_ for @writers;

    my $error = trouble_from($trouble);
    if (length $error) {
        waitpid $pid, 0;
        return report($failed, $number, $error);
    }
    my $command = $commands{$pid} = {number => $number, outputs => [map { {from => $_->[0], kind => $_->[1]} } [$out, $stdout], [$err, $stderr]]};
    for my $output (@{$command->{outputs}}) {
        $output->{command} = $command;
        $outputs{fileno $output->{from}} = $output;
        vec($watched, fileno $output->{from}, 1) = 1;
    }
    report($started, $number, $pid);
}

# Never returns.
sub become {
    my ($folder, $argv, $env, $out, $err, $trouble) = @_;
    setpgrp 0, 0;
    $SIG{$_} = 'DEFAULT' for @deaf;
    %ENV = %$env;
    open STDIN, '<&', $nothing and open STDOUT, '>&', $out and open STDERR, '>&', $err and chdir $folder and exec {$argv->[0]} @$argv;
    syswrite $trouble, $! + 0;
    kill 'KILL', $$;
}

# Nothing when the command is at work: its end of the pipe was closed by that.
sub trouble_from {
    my ($trouble) = @_;
    my $error = '';
    1 until defined sysread $trouble, $error, 16;
    return $error;
}

# proc_pid_stat(5), field 22; the name in field 2 may hold anything.
sub ticks {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/stat" or return '';
    my $stat = <$file>;
    return (split / /, substr $stat, 2 + rindex $stat, ')')[19];
}

sub note {
    my ($entry) = @_;
    syswrite $book, $entry;
}

sub pass_on {
    my ($output) = @_;
    my $read = sysread $output->{from}, my ($chunk), $piece;
    return if !defined $read;
    report($output->{kind}, $output->{command}{number}, $chunk) if !$output->{command}{is_left};
    return $read if $read > 0;
    vec($watched, fileno $output->{from}, 1) = 0;
    delete $outputs{fileno $output->{from}};
    close $output->{from};
    return 0;
}

# What a command itself has said is told before its end.
sub bury {
    sysread $deaths, my ($dots), $piece;
    while ((my $pid = waitpid -1, 1) > 0) {
        my ($code, $signal) = ($? >> 8, $? & 127);
        my $command = delete $commands{$pid};
        drain($_) for @{$command->{outputs}};
        report($exited, $command->{number}, pack 'CC', $code, $signal);
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
    while (length $reports) {
        my $written = syswrite STDOUT, $reports;
        substr $reports, 0, $written, '' if defined $written;
        exit if !defined $written && !$!{EINTR};
    }
}
